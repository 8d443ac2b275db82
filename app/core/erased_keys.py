"""What was erased in stores that are no tables, by key, for a day: the scan that ends an erasure asks the stores for it
once more, and what arrived late, as bytes that were under way, is erased again.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from app.core.db import Row, execute, fetch
from app.core.ids import uuid7
from app.core.ports import ObjectStore
from app.core.sweeps import SweepPorts

KEYS_LAST = timedelta(hours=24)
AT_ONCE = 8
"""Calls of the object store at a time."""


class Where(StrEnum):
    """Which store."""

    OBJECTS = "OBJECTS"
    """The key is the beginning of keys."""
    COUNTERS = "COUNTERS"


async def note(alias: UUID, where: Where, keys: Sequence[str]) -> None:
    """Note keys of somebody, in the caller's transaction, which commits before anything is erased by them."""
    await execute(
        """INSERT INTO erased_keys (id, subject_id, medium, key, erased_at)
           SELECT id, $1, $2, key, now() FROM unnest($3::uuid[], $4::text[]) AS wanted (id, key)
           ON CONFLICT (subject_id, medium, key) DO NOTHING""",
        alias,
        where.value,
        [uuid7() for _ in keys],
        list(keys),
    )


async def noted(alias: UUID, where: Where, batch: int = 500) -> AsyncIterator[list[str]]:
    """Yield what was noted of somebody, in batches."""
    after = ""
    while True:
        rows = await fetch(
            """SELECT key FROM erased_keys WHERE subject_id = $1 AND medium = $2 AND key > $3 ORDER BY key LIMIT $4""",
            alias,
            where.value,
            after,
            batch,
        )
        if not rows:
            return
        yield [row["key"] for row in rows]
        after = rows[-1]["key"]


async def forget(alias: UUID, where: Where) -> None:
    """Forget what was noted of somebody, in the caller's transaction: nothing of it can arrive any more."""
    await execute("DELETE FROM erased_keys WHERE subject_id = $1 AND medium = $2", alias, where.value)


async def delete_objects(store: ObjectStore, prefixes: Sequence[str]) -> int:
    """Delete all objects whose keys begin with any of these; return how many there were. Raises OSError."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def delete(prefix: str) -> int:
        async with turns:
            keys = [key async for key in store.list(prefix)]
            for key in keys:
                await store.delete(key)
            return len(keys)

    return sum(await asyncio.gather(*map(delete, prefixes)))


async def delete_late(ports: SweepPorts, rows: Sequence[Row]) -> None:
    """Delete what arrived since, before the keys are forgotten. Counters have expired by themselves by then."""
    await delete_objects(ports.store, [row["key"] for row in rows if row["medium"] == Where.OBJECTS])
