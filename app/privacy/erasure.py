"""Erases one person from every holder of the registry of personal data.

Nothing here knows a table by its name, but for the two that everything leads to. The registry says how a row leads to
its person and what erasure does to each column, the database says which table refers to which: so a new table is erased
as soon as it is declared, which it has to be before anything builds.

Each batch is a transaction. What leads to the person by their alias goes last, in one transaction with the alias and
the account: the audit log must not find words missing beside an entry of somebody who is still here.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from graphlib import TopologicalSorter
from uuid import UUID

import structlog

from app.core.db import fetch, fetch_one, transaction
from app.core.jobs import Count, Hold
from app.core.personal_data import Holder
from app.privacy.addressed import forget_said
from app.privacy.ending import end_open
from app.privacy.kept import is_untold
from app.privacy.paths import ALIASES, PEOPLE, belongs, emptied, stays
from app.privacy.residue import residue
from app.support.service import forget

log = structlog.get_logger(__name__)

BATCH = 500
"""Rows of one transaction."""
JOBS, LETTERS = "jobs", "letters from their address"
"""What the registry has no path for: work that names what is theirs, and what was said without signing in."""

EraseObjects = Callable[[UUID, Hold, Count], Awaitable[None]]
"""Deletes a person's objects, then the rows that they belong to."""
ForgetCopies = Callable[[UUID], Awaitable[None]]
"""Deletes files of a person's that were made from rows, before these go."""


class Residue(Exception):
    """Something still leads to the person. The message names holders and counts, and nobody."""


class Eraser:
    """Implements `app.minors.purge.Eraser`."""

    def __init__(
        self,
        registry: Iterable[Holder],
        objects: Mapping[str, EraseObjects],
        copies: Mapping[str, ForgetCopies] | None = None,
    ) -> None:
        """`objects` are the tables whose rows stand for objects in a store, `copies` those of which files lie here."""
        self._holders = {holder.table: holder for holder in registry if holder.subject is not None}
        self._objects = objects
        self._copies = copies or {}

    async def names(self) -> Sequence[str]:
        """Return what has something, in the order in which it is erased: all but what `finish` does."""
        return [JOBS, *(holder.table for holder in await self._in_order() if not _goes_last(holder))]

    async def erase(self, name: str, person: UUID, hold: Hold, count: Count) -> None:
        """Erase what one of them has. Run again, it goes on.

        Raises LeaseLost, and OSError where the object store does not answer.
        """
        if forget_copies := self._copies.get(name):
            await forget_copies(person)
        if name == JOBS:
            await self._jobs(person, hold, count)
        elif objects := self._objects.get(name):
            await objects(person, hold, count)
        else:
            await _rows(self._holders[name], person, hold, count)

    async def end_requests(self, person: UUID, hold: Hold, but: UUID | None = None) -> None:
        """End what else the person asked for, in a transaction of its own: whoever carries that out, or takes it back,
        locks jobs and requests before the account, and `finish` the other way round. Raises LeaseLost.
        """
        async with transaction():
            await hold()
            alias = await fetch_one("SELECT id FROM subject_aliases WHERE user_id = $1", person)
            if alias is not None:
                await end_open(alias["id"], but)

    async def forget_copies(self, person: UUID) -> None:
        """Delete files that were made from rows, whether or not the rows are there. Raises OSError."""
        for forget_copies in self._copies.values():
            await forget_copies(person)

    async def clear(self, person: UUID, hold: Hold) -> Mapping[str, int]:
        """Erase all but what finish() does: jobs, rows, and objects with theirs. Run again, it goes on.

        Returns how many rows of each holder this run erased. Raises LeaseLost, and OSError where the object store does
        not answer.
        """
        erased = Counter[str]()
        await self.end_requests(person, hold)
        for name in await self.names():

            async def count(number: int, name: str = name) -> None:
                erased[name] += number

            await self.erase(name, person, hold, count)
        return erased

    async def finish(self, person: UUID, request: UUID | None = None) -> Mapping[str, int]:
        """Erase what leads to the person by their alias or their address, the alias and the account, in the caller's
        transaction; and what came since `clear`, as what their feed was told of this. Other requests of theirs end.

        Returns how many rows of each holder. Raises Residue where a look afterwards finds anything.
        """
        row = await fetch_one("SELECT confirmed_email FROM users WHERE id = $1 FOR UPDATE", person)
        confirmed = row["confirmed_email"] if row else None
        alias = await fetch_one("SELECT id FROM subject_aliases WHERE user_id = $1", person)
        erased = {LETTERS: await forget(confirmed) + await forget_said(confirmed) if confirmed else 0}
        if alias is not None:
            await end_open(alias["id"], request)
        for holder in await self._in_order():
            if holder.table not in self._objects:
                number = await _batch(holder, person, None)
                erased[holder.table] = 0 if is_untold(holder) else number  # a receipt has the sum
        left = await residue(self._holders.values(), person, alias["id"] if alias else None, confirmed)
        if left:
            log.error("erasure.residue", left=dict(left))
            raise Residue(", ".join(f"{name}: {number}" for name, number in sorted(left.items())))
        return erased

    async def left(self, alias: UUID) -> Mapping[str, int]:
        """Return how much of each holder still says more of somebody who was erased than that something happened."""
        return await residue(self._holders.values(), None, alias, None)

    async def _in_order(self) -> Sequence[Holder]:
        """Return the holders, each after all that refer to it."""
        rows = await fetch(
            """SELECT DISTINCT conrelid::regclass::text AS table, confrelid::regclass::text AS other
               FROM pg_constraint WHERE contype = 'f' AND conrelid <> confrelid"""
        )
        order = TopologicalSorter[str](dict.fromkeys(self._holders, ()))
        for row in rows:
            order.add(row["other"], row["table"])
        return [self._holders[table] for table in order.static_order() if table in self._holders]

    async def _jobs(self, person: UUID, hold: Hold, count: Count) -> None:
        """Delete jobs that name the person or a row of theirs; this one names neither."""
        own = [
            f"SELECT id::text FROM {holder.table} WHERE {belongs(holder)}"  # noqa: S608 - the registry's names
            for holder in self._holders.values()
            if "id" in holder.columns and not stays(holder)
        ]
        async with transaction():
            await hold()
            row = await fetch_one(
                f"""WITH own AS ({" UNION ALL ".join(own)}),
                    gone AS (DELETE FROM jobs WHERE id IN (
                      SELECT j.id FROM jobs j CROSS JOIN LATERAL jsonb_each_text(j.payload) named
                      JOIN own ON own.id = named.value)
                    RETURNING 1) SELECT count(*) AS number FROM gone""",  # noqa: S608
                person,
            )
            if row and row["number"]:
                await count(row["number"])


def _goes_last(holder: Holder) -> bool:
    return holder.table in (PEOPLE, ALIASES) or (holder.subject or "").endswith(f"{ALIASES}.user_id")


async def _rows(holder: Holder, person: UUID, hold: Hold, count: Count) -> None:
    number = BATCH
    while number == BATCH:
        async with transaction():
            await hold()
            number = await _batch(holder, person, BATCH)
            if number:
                await count(number)


async def _batch(holder: Holder, person: UUID, limit: int | None) -> int:
    """Delete rows, or empty what goes of rows that stay; at most `limit`. Returns how many."""
    columns = emptied(holder)
    if stays(holder) and not columns:
        return 0
    some = " OR ".join(f"{column} IS NOT NULL" for column in columns)
    change = (
        f"UPDATE {holder.table} SET {', '.join(f'{column} = NULL' for column in columns)}"  # noqa: S608
        if stays(holder)
        else f"DELETE FROM {holder.table}"  # noqa: S608
    )
    there = f"{belongs(holder)} AND ({some})" if stays(holder) else belongs(holder)
    row = await fetch_one(
        f"""WITH gone AS (
              {change} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {holder.table} WHERE {there} LIMIT $2)) RETURNING 1)
            SELECT count(*) AS number FROM gone""",  # noqa: S608
        person,
        limit,
    )
    return int(row["number"]) if row else 0
