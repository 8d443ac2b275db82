"""The database's structure: apply what is written down in `migrations/`, and write down what changed in the models."""

from tortoise import Tortoise
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.executor import MigrationExecutor

from app.core.db import connected, fetch, orm_config

LOCK = 0x616E7970
"""An advisory lock's number: two processes that migrate at once take turns."""


async def migrate(url: str) -> list[str]:
    """Apply every migration that is not applied yet; return their names. Raises ConfigurationError."""
    applied: list[str] = []

    def note(event: str, _app: str, name: str) -> None:
        if event == "apply_done":
            applied.append(name)

    async with connected(url, pool_size=2) as context:
        client = context.connections.get("default")
        async with client.acquire_connection() as holder:
            await holder.execute("SELECT pg_advisory_lock($1)", LOCK)
            try:
                await MigrationExecutor(client, orm_config(url)["apps"]).migrate(progress=note)
            finally:
                await holder.execute("SELECT pg_advisory_unlock($1)", LOCK)
    return applied


async def pending(url: str) -> list[str]:
    """Return the names of the migrations that are not applied yet."""
    async with connected(url, pool_size=1) as context:
        executor = MigrationExecutor(context.connections.get("default"), orm_config(url)["apps"])
        return [step.migration.name for step in await executor.plan()]


async def make(url: str) -> list[str]:
    """Write migrations for what changed in the models; return the paths. The database is not asked."""
    config = orm_config(url)
    context = await Tortoise.init(config=config, init_connections=False)
    assert context.apps is not None
    writers = await MigrationAutodetector(context.apps, config["apps"]).changes()
    return [str(writer.write()) for writer in writers]


async def tables(url: str) -> dict[str, list[str]]:
    """Return the columns of every table of the database, for the drift and the data map tests."""
    async with connected(url, pool_size=1):
        rows = await fetch(
            """SELECT table_name, column_name FROM information_schema.columns
               WHERE table_schema = 'public' ORDER BY table_name, ordinal_position"""
        )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["table_name"], []).append(row["column_name"])
    return found
