"""The end of a flag that nobody lifted: by the clock, everything about the person goes.

A job looks every few minutes for what is due, so that nothing rests on one row that may be lost or given up: what fails
is tried again with the next. What was begun is gone on with, from wherever it broke off.
"""

from collections.abc import Mapping
from datetime import timedelta
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
from app.support.service import forget

PURGE_MINORS = JobKind("minors.purge", queue="bulk")
MOST = 100
"""Flags that one job ends."""
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
    """Erase everybody who is due; return how many. Raises the first error, after all were tried, and LeaseLost."""
    now, failures = clock.now(), list[Exception]()
    due = await fetch(
        """SELECT f.id, f.purge_at, a.user_id FROM minor_flags f JOIN subject_aliases a ON a.id = f.subject_id
           WHERE (f.state = 'FLAGGED' OR f.state = 'PURGING') AND f.purge_at <= $1 ORDER BY f.purge_at LIMIT $2""",
        now,
        MOST,
    )
    for row in due:
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
    return len(due)


async def _purge(row: Row, eraser: Eraser, hold: Hold) -> None:
    flag_id, person = row["id"], row["user_id"]
    if not await _begin(flag_id, person, hold):
        return
    counts = {"made from their pictures": await delete_made_from(person, hold), **await eraser.clear(person, hold)}
    async with transaction():
        await hold()
        await execute("SELECT id FROM users WHERE id = $1 FOR UPDATE", person)  # before the flag, as whoever lifts it
        if not await _still_held(flag_id):  # another worker was at it too, and has ended it
            return
        await record(Action.MINOR_PURGED, person, actor=None, purpose=Activity.LEGAL_COMPLIANCE)
        counts["support"] = await forget_letters(person)
        counts |= await eraser.finish(person)
        await execute("UPDATE minor_flags SET state = 'PURGED', ended_at = now() WHERE id = $1", flag_id)
    log.info("minors.purged", flag=str(flag_id), erased=sum(counts.values()))


async def end_flags(person: UUID) -> None:
    """Say in the caller's transaction, which erases the person, that no flag of theirs is to be acted on any more."""
    await execute(
        """UPDATE minor_flags SET state = 'PURGED', ended_at = now() WHERE state IN ('FLAGGED', 'PURGING')
             AND subject_id IN (SELECT id FROM subject_aliases WHERE user_id = $1)""",
        person,
    )


async def forget_letters(person: UUID) -> int:
    """Delete what was written to support from the person's address without signing in, in the caller's transaction."""
    row = await fetch_one("SELECT confirmed_email FROM users WHERE id = $1", person)
    return await forget(row["confirmed_email"]) if row and row["confirmed_email"] else 0


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
