"""`python -m tests.privacy.export.schema_file` writes the schema of exports, from the registry and a database."""

import asyncio
import tempfile
from pathlib import Path

from app.core import migrations
from app.core.db import connected
from app.embedded import EmbeddedPostgres
from app.privacy.export.rows import shape_of
from app.privacy.export.schema import FILE, schema, written
from app.privacy.export.selection import select
from app.registries import PERSONAL_DATA


async def current() -> bytes:
    """Return the schema as the connected database and the registry have it."""
    selected = select(PERSONAL_DATA.values())
    return written(schema(selected, {table: await shape_of(table) for table in selected}))


async def _write(url: str) -> None:
    await migrations.migrate(url)
    async with connected(url, pool_size=1):
        FILE.write_bytes(await current())


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="anypeople-schema-") as folder:
        Path(folder).chmod(0o711)
        with EmbeddedPostgres(Path(folder) / "postgres", durable=False) as postgres:
            asyncio.run(_write(postgres.url))
