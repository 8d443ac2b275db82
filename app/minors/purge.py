"""The end of a flag that nobody lifted: by the clock, everything about the person goes.

A job looks every few minutes for what is due, so that nothing rests on one row that may be lost or given up: what fails
is tried again with the next. What was begun is gone on with, from wherever it broke off.
"""

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Protocol
from uuid import UUID

import structlog

from app.audit.service import Action, record
from app.core import jobs
from app.core.db import Row, execute, fetch, fetch_one, transaction
from app.core.jobs import Hold, JobKind, Lease
from app.core.personal_data import Activity
from app.core.ports import Clock
from app.generation.freezing import delete_made_from
from app.journal import service as journal

PURGE_MINORS = JobKind("minors.purge", queue="bulk")
BATCH = 100
"""Flags that are looked up at a time."""
LATE = timedelta(hours=1)
"""Whoever is due for longer is an alarm."""

log = structlog.get_logger(__name__)


class Eraser(Protocol):
    """Erases a person from everything that the registry of personal data knows."""

    async def clear(self, person: UUID, hold: Hold) -> Mapping[str, int]:
        """Delete all but what has to go at once, in transactions of its own; return how much of each holder."""
        ...

    async def finish(self, person: UUID) -> Mapping[str, int]:
        """Delete the rest with the account itself, in the caller's transaction. Raises where anything is left."""
        ...


async def purge_due(lease: Lease, eraser: Eraser, clock: Clock) -> int:
    """Erase everybody who is due; return how many. Each is tried once, so that those who fail keep nobody waiting.

    Raises the first error, after all were tried, and LeaseLost.
    """
    now, tried, failures = clock.now(), 0, list[Exception]()
    async for row in _due(now):
        tried += 1
        if row["purge_at"] < now - LATE:
            log.error("minors.purge_overdue", flag=str(row["id"]), hours=(now - row["purge_at"]) // LATE)
        try:
            await _purge(row, eraser, partial(jobs.hold, lease))
        except jobs.LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001 - the others are due too; this one is tried again with the next job
            log.error("minors.purge_failed", flag=str(row["id"]), error=type(error).__name__)
            failures.append(error)
    if failures:
        raise failures[0]
    return tried


async def _due(now: datetime) -> AsyncIterator[Row]:
    """Yield the flags that are due, the earliest first."""
    after = (datetime.min.replace(tzinfo=UTC), UUID(int=0))
    while rows := await fetch(
        """SELECT f.id, f.purge_at, a.user_id FROM minor_flags f JOIN subject_aliases a ON a.id = f.subject_id
           WHERE (f.state = 'FLAGGED' OR f.state = 'PURGING') AND f.purge_at <= $1 AND (f.purge_at, f.id) > ($2, $3)
           ORDER BY f.purge_at, f.id LIMIT $4""",
        now,
        *after,
        BATCH,
    ):
        for row in rows:
            yield row
        after = (rows[-1]["purge_at"], rows[-1]["id"])


async def _purge(row: Row, eraser: Eraser, hold: Hold) -> None:
    flag_id, person = row["id"], row["user_id"]
    if not await _begin(flag_id, person, hold):
        return
    made = Counter[str]()

    async def count(number: int) -> None:
        made["made from their pictures"] += number

    await delete_made_from(person, hold, count)
    counts = made + Counter(await eraser.clear(person, hold))
    async with transaction():
        await hold()
        await execute("SELECT id FROM users WHERE id = $1 FOR UPDATE", person)  # before the flag, as whoever lifts it
        if not await _still_held(flag_id):  # another worker was at it too, and has ended it
            return
        await record(Action.MINOR_PURGED, person, actor=None, purpose=Activity.LEGAL_COMPLIANCE)
        counts += Counter(await eraser.finish(person))
        await execute("UPDATE minor_flags SET state = 'PURGED', ended_at = now() WHERE id = $1", flag_id)
    log.info("minors.purged", flag=str(flag_id), erased=sum(counts.values()))


async def end_with(person: UUID) -> None:
    """End a flag that holds with the erasure of its account, in the caller's transaction, which has locked that."""
    await execute(
        """UPDATE minor_flags SET state = 'PURGED', ended_at = now()
           WHERE state IN ('FLAGGED', 'PURGING')
             AND subject_id = (SELECT id FROM subject_aliases WHERE user_id = $1)""",
        person,
    )


async def _begin(flag_id: UUID, person: UUID, hold: Hold) -> bool:
    """Say that from now on nobody can lift it, and no backup undoes it; return whether that is so."""
    async with transaction():
        await hold()
        if not await _still_held(flag_id):
            return False
        begun = await fetch(
            "UPDATE minor_flags SET state = 'PURGING' WHERE id = $1 AND state = 'FLAGGED' RETURNING id", flag_id
        )
        if begun:
            await journal.record(journal.Decision.CHILD_ERASED, person)
    return True


async def _still_held(flag_id: UUID) -> bool:
    """Lock a flag for the caller's transaction; return whether nobody has ended it."""
    row = await fetch_one("SELECT state FROM minor_flags WHERE id = $1 FOR UPDATE", flag_id)
    return row is not None and row["state"] in ("FLAGGED", "PURGING")
