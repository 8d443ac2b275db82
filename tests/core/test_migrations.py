"""What migrations make of a database is what the models say."""

import asyncio
import os
import sys
import uuid
from collections.abc import Generator
from typing import Any

import pytest
from tortoise import Tortoise
from tortoise.migrations.autodetector import MigrationAutodetector

from app.core import migrations
from app.core.db import connected, execute, fetch, orm_config
from tests.architecture.checks.repository import ROOT
from tests.architecture.checks.structure import differences, foreign_keys, structure
from tests.conftest import Servers


@pytest.fixture
def empty_url(servers: Servers) -> Generator[str, None, None]:
    """A database without tables."""
    name = f"test_{uuid.uuid4().hex[:16]}"
    servers.postgres.create_database(name)
    yield servers.postgres.database_url(name)
    servers.postgres.drop_database(name)


@pytest.fixture
async def modelled_url(empty_url: str) -> str:
    """A database that was made from the models, without migrations."""
    async with connected(empty_url, pool_size=1):
        await Tortoise.generate_schemas(safe=False)
    return empty_url


WITHOUT_MODEL = ["constraints: support_threads: CHECK (((person_id IS NULL) <> (address IS NULL)))"]
"""What the ORM has no words for."""


async def test_a_migrated_database_equals_one_made_from_the_models(database_url: str, modelled_url: str) -> None:
    migrated, modelled = await structure(database_url), await structure(modelled_url)

    assert len(migrated.columns) > 50
    assert len(migrated.indexes) > 10
    assert any("FOREIGN KEY (user_id) REFERENCES users(id)" in constraint for constraint in migrated.constraints)
    assert differences(migrated, modelled) == WITHOUT_MODEL


@pytest.mark.parametrize(
    ("statement", "part"),
    [
        ("ALTER TABLE users ADD COLUMN shoe_size integer", "columns: users.shoe_size integer"),
        ("ALTER TABLE users ALTER COLUMN display_name TYPE varchar(61)", "columns: users.display_name character"),
        ("ALTER TABLE users ALTER COLUMN display_name DROP NOT NULL", "columns: users.display_name character"),
        ("ALTER TABLE jobs ALTER COLUMN attempt SET DEFAULT 7", "columns: jobs.attempt integer"),
        ("CREATE INDEX extra ON users (display_name)", "indexes: users: CREATE INDEX ON public.users USING btree"),
        ("DROP INDEX {index_of_jobs}", "indexes: jobs: CREATE INDEX ON public.jobs USING btree (state, "),
        ("ALTER TABLE users ADD UNIQUE (display_name)", "constraints: users: UNIQUE (display_name)"),
        ("ALTER TABLE users ADD CHECK (role <> '')", "constraints: users: CHECK "),
        ("CREATE TABLE strays (id integer)", "columns: strays.id integer"),
        (
            "ALTER TABLE feeds ADD FOREIGN KEY (person_id) REFERENCES users (id)",
            "constraints: feeds: FOREIGN KEY (person_id) REFERENCES users(id)",
        ),
    ],
)
async def test_a_difference_is_named(statement: str, part: str, database_url: str) -> None:
    before = await structure(database_url)
    async with connected(database_url, pool_size=1):
        [row, *_] = await fetch(
            "SELECT indexname FROM pg_indexes WHERE tablename = 'jobs' AND indexdef LIKE '%(state, %'"
        )
        await execute(statement.format(index_of_jobs=row["indexname"]))

    found = differences(before, await structure(database_url))

    assert any(difference.startswith(part) for difference in found), found


async def test_names_that_were_made_up_are_no_difference(database_url: str) -> None:
    before = await structure(database_url)
    async with connected(database_url, pool_size=1):
        await execute("ALTER TABLE feeds RENAME CONSTRAINT feeds_pkey TO other_key")

    assert differences(before, await structure(database_url)) == []


async def test_foreign_keys_are_read(database_url: str) -> None:
    keys = await foreign_keys(database_url)

    assert keys["sessions", "user_id"] == ("users", "id")
    assert ("feeds", "person_id") not in keys


async def test_what_is_pending_is_applied_once(empty_url: str) -> None:
    names = _written_down()
    assert names[0] == "0001_initial"
    assert await migrations.pending(empty_url) == names

    assert await migrations.migrate(empty_url) == names
    assert await migrations.pending(empty_url) == []
    assert await migrations.migrate(empty_url) == []


async def test_two_processes_that_migrate_at_once_take_turns(empty_url: str) -> None:
    command = [sys.executable, "-m", "app.cli", "migrate"]
    environment = {**os.environ, "DATABASE_URL": empty_url}
    pipe = asyncio.subprocess.PIPE
    async with connected(empty_url, pool_size=2) as context:
        async with context.connections.get("default").acquire_connection() as holder:
            await holder.execute("SELECT pg_advisory_lock($1)", migrations.LOCK)
            processes = [
                await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment, stdout=pipe, stderr=pipe)
                for _ in range(2)
            ]
            await _until_waiting(2)
            assert await fetch("SELECT 1 FROM pg_tables WHERE schemaname = 'public'") == []
            await holder.execute("SELECT pg_advisory_unlock($1)", migrations.LOCK)
        answers = [await process.communicate() for process in processes]

    assert [process.returncode for process in processes] == [0, 0], answers
    names = ", ".join(_written_down())
    assert sorted(output.decode() for output, _ in answers) == [f"Applied {names}.\n", "The database is up to date.\n"]


async def _until_waiting(number: int) -> None:
    """Wait until so many connections wait for an advisory lock of this database."""
    waiting = """SELECT count(*) AS number FROM pg_locks
                 WHERE locktype = 'advisory' AND NOT granted
                 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""
    for _ in range(600):
        if (await fetch(waiting))[0]["number"] == number:
            return
        await asyncio.sleep(0.05)
    pytest.fail("they do not wait for each other")


def _written_down() -> list[str]:
    return sorted(path.stem for path in (ROOT / "migrations").glob("[0-9]*.py"))


async def _changes(*more_models: str) -> list[str]:
    """Return what `anypeople migrate --make` would write, with further modules of models."""
    config = orm_config("postgresql://nobody@localhost/none")
    config["apps"]["models"]["models"] += more_models
    context = await Tortoise.init(config=config, init_connections=False)
    assert context.apps is not None
    writers: list[Any] = await MigrationAutodetector(context.apps, config["apps"]).changes()
    return [f"{type(step).__name__} {step.name}" for writer in writers for step in writer.operations]


async def test_every_change_of_the_models_is_written_down() -> None:
    assert await _changes() == []


async def test_a_model_without_a_migration_is_noticed() -> None:
    assert await _changes("tests.core.stray_model") == ["CreateModel Stray"]
