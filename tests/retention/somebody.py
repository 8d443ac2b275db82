"""Somebody, and rows of theirs, as of a moment."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID, uuid4

from app.core.db import execute
from app.core.ports import ObjectStore

Write = Callable[[datetime, ObjectStore], Awaitable[object]]


async def person(at: datetime, *, confirmed: bool = True) -> UUID:
    """Make an account that nobody is signed in to."""
    id = uuid4()
    await execute(
        """INSERT INTO users (id, email, confirmed_email, display_name, adult_attested_at, policy_version, created_at)
           VALUES ($1::uuid, $1::uuid::text, CASE WHEN $3 THEN $1::uuid::text END, 'Ada', $2, '2026-03-24', $2)""",
        id,
        at,
        confirmed,
    )
    return id


async def alias(ended_at: datetime | None = None) -> UUID:
    """Make a name that led to somebody until then, or leads to somebody still."""
    id, user = uuid4(), None if ended_at else await person(datetime.fromisoformat("2000-01-01T00:00:00+00:00"))
    await execute("INSERT INTO subject_aliases (id, user_id, ended_at) VALUES ($1, $2, $3)", id, user, ended_at)
    return id


def row(table: str, columns: str, values: str) -> Write:
    """Return what writes a row of somebody's: $1 is the moment, $2 the person."""

    async def write(at: datetime, _store: ObjectStore) -> None:
        await execute(
            f"""INSERT INTO {table} (id, {columns})
                SELECT gen_random_uuid(), {values} FROM (SELECT $1::timestamptz, $2::uuid) AS given""",
            at,
            await person(at),
        )

    return write
