"""Applies an entry of the journal to a database that does not know it: once, whatever dies."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta

from app.core.db import execute, transaction
from app.journal.entries import Entry
from app.journal.service import applying
from app.journal.tip import locked_tip, move_tip


@asynccontextmanager
async def applied(entry: Entry, kept: timedelta) -> AsyncGenerator[bool, None]:
    """Open the transaction that applies an entry; yield whether it is still to be applied.

    With it the database says that it knows the entry, and nothing is put down anew.
    """
    async with transaction():
        if await locked_tip() >= entry.sequence:
            yield False
            return
        with applying():
            yield True
        await _note(entry, kept)
        await move_tip(entry.sequence)


async def _note(entry: Entry, kept: timedelta) -> None:
    """Note what is in the journal. The backup may have it as waiting: it would be written a second time."""
    await execute(
        """INSERT INTO journal_entries (id, sequence, decision, at, written_at, until)
           VALUES ($1, $2, $3, $4::timestamptz, now(), $4::timestamptz + $5::interval)
           ON CONFLICT (id) DO UPDATE SET sequence = excluded.sequence, written_at = excluded.written_at,
             until = excluded.until, person_id = NULL, object = NULL, detail = NULL""",
        entry.id,
        entry.sequence,
        entry.decision.value,
        entry.at,
        kept,
    )
