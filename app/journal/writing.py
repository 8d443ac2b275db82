"""Writes decisions to the journal: a number in one transaction, the object outside of any, a note in another.

The number is committed first, so that a database always knows at least as much of its journal as is there: one that
knows less is a backup. Objects are written in their order and never over another, so that the journal has no gap
whoever dies when. Whoever comes after writes the same bytes again, and finds them there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from app.core.db import Row, execute, fetch, fetch_one, transaction
from app.core.ports import ObjectStore
from app.core.signing import Signer
from app.journal.entries import Decision, Entry, key_of
from app.journal.errors import REPLAY, Forked, Restored
from app.journal.reading import content_of
from app.journal.service import record
from app.journal.tip import locked_tip, move_tip, tip

BATCH = 100
COLUMNS = "id, sequence, decision, person_id, object, detail, at"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Journal:
    """The journal of a service, for whoever writes to it."""

    store: ObjectStore
    signer: Signer
    kept: timedelta
    """How long an entry is needed: as long as a backup may be restored that does not know it."""

    async def write(self) -> int:
        """Write what is not written; return how many entries. Several may do so at once.

        Raises Restored and Forked, which are alarms, and OSError where the store does not answer.
        """
        await self._check()
        await _give_numbers()
        written = 0
        while rows := await _numbered(BATCH):
            for row in rows:
                await self._put(Entry.of(row))
            await self._note(rows)
            written += len(rows)
            await _give_numbers()
        return written

    async def refresh(self) -> None:
        """Put a mark down where the newest entry, which is always kept, is of somebody and older than it need be."""
        async with transaction():
            row = await fetch_one(
                """SELECT 1 AS one FROM journal_entries e JOIN journal_tip t ON t.sequence = e.sequence
                   WHERE e.until <= now() AND e.decision <> $1""",
                Decision.MARK.value,
            )
            if row is not None:
                await record(Decision.MARK, None)

    async def _check(self) -> None:
        """Raise Restored where the next number is taken: somebody put a backup in the place of the database."""
        following = await tip() + 1
        if await self.store.head(key_of(following)) is not None and await tip() < following:
            log.error("journal.restored", sequence=following)
            raise Restored(f"The decision journal is ahead of the database: stop the service and run {REPLAY}.")

    async def _put(self, entry: Entry) -> None:
        token = entry.token(self.signer)
        if await self.store.put_new(key_of(entry.sequence), token):
            return
        if await content_of(self.store, entry.sequence) != token:
            log.error("journal.forked", sequence=entry.sequence)
            await _step_back(entry.sequence)
            raise Forked(
                f"Entry {entry.sequence} of the decision journal is there already, and is another one: two databases "
                f"write to the same object store. Stop one of them for good, then run {REPLAY} with the other."
            )

    async def _note(self, rows: Sequence[Row]) -> None:
        await execute(
            """UPDATE journal_entries SET written_at = now(), until = at + $2::interval,
                                          person_id = NULL, object = NULL, detail = NULL
               WHERE id = ANY($1)""",
            [row["id"] for row in rows],
            self.kept,
        )


async def _give_numbers() -> None:
    """Give the next numbers to what was decided, in the order in which it was."""
    async with transaction():
        last = await locked_tip()
        given = await fetch(
            """WITH next AS (
                 SELECT id, row_number() OVER (ORDER BY at, id) AS number
                 FROM (SELECT id, at FROM journal_entries
                       WHERE sequence IS NULL AND written_at IS NULL ORDER BY at, id LIMIT $2) AS waiting)
               UPDATE journal_entries e SET sequence = $1 + next.number FROM next
               WHERE e.id = next.id RETURNING e.id""",
            last,
            BATCH,
        )
        if given:
            await move_tip(last + len(given))


async def _numbered(limit: int) -> list[Row]:
    return await fetch(
        f"""SELECT {COLUMNS} FROM journal_entries WHERE sequence IS NOT NULL AND written_at IS NULL
            ORDER BY sequence LIMIT $1""",  # noqa: S608
        limit,
    )


async def _step_back(sequence: int) -> None:
    """Take back a number that is another's, and all after it: so the database is behind its journal, and is told so."""
    async with transaction():
        last = await locked_tip()
        taken = await fetch(
            "UPDATE journal_entries SET sequence = NULL WHERE sequence >= $1 AND written_at IS NULL RETURNING id",
            sequence,
        )
        if taken and last >= sequence:
            await move_tip(sequence - 1)
