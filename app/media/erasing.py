"""Erasure of what is in the object store: the keys are noted first, then the bytes go, then the rows.

A crash in between leaves rows, and the rows are found again. What was under way to the store meanwhile is found by the
keys that were noted.
"""

from collections.abc import Sequence
from uuid import UUID

from app.audit.service import alias_of
from app.core import erased_keys
from app.core.db import execute, fetch, transaction
from app.core.erased_keys import Where
from app.core.jobs import Count, Hold
from app.core.ports import ObjectStore

BATCH = 100
"""Rows of one transaction."""


async def erase_pictures(person_id: UUID, store: ObjectStore, hold: Hold, count: Count) -> None:
    """Erase all pictures of a person, which nothing refers to any more. Raises LeaseLost and OSError."""
    async with transaction():
        await hold()
        await execute("UPDATE pictures SET state = 'DELETED' WHERE person_id = $1", person_id)
    await erase_deleted(person_id, store, hold, count)


async def erase_deleted(person_id: UUID, store: ObjectStore, hold: Hold, count: Count) -> None:
    """Erase the pictures of a person that were deleted, which a job would do soon. Raises LeaseLost and OSError."""
    await _erase("pictures", "state = 'DELETED'", person_id, store, hold, count)


async def erase_uploads(person_id: UUID, store: ObjectStore, hold: Hold, count: Count) -> None:
    """Erase all uploads of a person. Raises LeaseLost and OSError."""
    await _erase("uploads", "TRUE", person_id, store, hold, count)


async def _erase(table: str, which: str, person_id: UUID, store: ObjectStore, hold: Hold, count: Count) -> None:
    """Erase rows of a table, and the objects whose keys begin with its name and their ids."""
    while ids := await _next(table, which, person_id):
        prefixes = [f"{table}/{id}/" for id in ids]
        async with transaction():
            await hold()
            await erased_keys.note(await alias_of(person_id), Where.OBJECTS, prefixes)
        await erased_keys.delete_objects(store, prefixes)
        async with transaction():
            await hold()
            gone = await fetch(f"DELETE FROM {table} WHERE id = ANY($1) RETURNING id", ids)  # noqa: S608
            await count(len(gone))


async def _next(table: str, which: str, person_id: UUID) -> Sequence[UUID]:
    rows = await fetch(f"SELECT id FROM {table} WHERE person_id = $1 AND {which} LIMIT $2", person_id, BATCH)  # noqa: S608
    return [row["id"] for row in rows]
