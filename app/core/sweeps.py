"""The vocabulary of the retention sweeper: what time ends, in which table, and from when on that is counted.

Each domain declares a `Sweep` for every table that time empties; `app/registries.py` assembles them, and
`python -m tests.architecture` fails on a personal column that a sweep should end and none does. A row has two
moments: the one that `since` names, and the one `after` later, from which on it is over. Whoever sweeps says what time
it is, so that a test can travel.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.core.db import Row, execute, fetch, fetch_one
from app.core.personal_data import Retention
from app.core.ports import ObjectStore
from app.core.purposes import restricted
from app.core.signing import Signer

MOST_COUNTED = 100_000
"""Rows of one sweep that a count looks at."""
RECORDS_LAST = timedelta(days=7 * 365 + 2)
"""How long records are kept: seven years, with the leap days that these may have. A trigger refuses to delete younger
ones of consents and objections (migrations/0020_retention.py)."""


@dataclass(frozen=True, slots=True)
class SweepPorts:
    """What deleting takes besides the database."""

    store: ObjectStore
    signer: Signer


@dataclass(frozen=True, slots=True)
class Due:
    """What is over and still there."""

    number: int
    """At most `MOST_COUNTED`."""
    oldest: datetime | None
    """Since when the oldest of it is over."""


Outside = Callable[[SweepPorts, Sequence[Row]], Awaitable[None]]
Inside = Callable[[SweepPorts, datetime, Sequence[UUID]], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Sweep:
    """Rows that time ends."""

    retention: Retention
    """Of which rule; NOT_PERSONAL where the rows are nobody's."""
    table: str
    since: str
    """What the time is counted from: SQL over the row, which is called `r`. A row where it is NULL is not over."""
    after: timedelta = timedelta()
    """How long after that it is over."""
    only: str = "TRUE"
    """A condition on rows, in SQL; $1 is the moment less `after`. Those that it leaves out are not over."""
    takes: tuple[str, ...] = ()
    """Other tables whose rows go with these."""
    empties: tuple[str, ...] = ()
    """Columns that are emptied; the row stays. None: the row goes."""
    kept_for: str = ""
    """Whose it is, in SQL, where time does not end it while their data may only be stored: they may need it for a legal
    claim, and deleting would be more than storing (Art. 18(1)(c) and 18(2) GDPR)."""
    unreferred: bool = False
    """Only rows that no row of another table holds fast by a foreign key."""
    takes_turns: bool = False
    """Whether `inside` locks what it ends itself, so that a sweep beside this one waits for a moment."""
    outside: Outside | None = None
    """What goes before the rows and outside of any transaction: bytes. Doing it twice does no harm."""
    inside: Inside | None = None
    """Ends rows, which are locked, in the caller's transaction and returns how many it ended. None: deletes them."""
    columns: str = ""
    """What `outside` needs of each row besides its id, in SQL."""
    name: str = ""
    """How the report calls it; the table's, unless there are several."""

    def __post_init__(self) -> None:
        if not self.name:
            object.__setattr__(self, "name", self.table)

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that it covers."""
        return (self.table, *self.takes)

    async def due(self, at: datetime) -> Due:
        """Return what is over at a moment and still there."""
        row = await fetch_one(
            f"""SELECT count(*) AS number, min(moment) AS oldest FROM (
                  SELECT {self.since} AS moment FROM {self.table} r WHERE {await self._over()}
                  ORDER BY 1 LIMIT $2) AS found""",  # noqa: S608
            at - self.after,
            MOST_COUNTED,
        )
        assert row is not None
        return Due(row["number"], row["oldest"] + self.after if row["oldest"] else None)

    async def prepare(self, ports: SweepPorts, at: datetime, limit: int) -> list[UUID] | None:
        """Do what has to be done outside of a transaction for the next rows; return which. None: nothing has to be."""
        if self.outside is None:
            return None
        rows = await self._rows(at, limit, None, "")
        await self.outside(ports, rows)
        return [row["id"] for row in rows]

    async def end(self, ports: SweepPorts, at: datetime, limit: int, prepared: list[UUID] | None) -> int:
        """End rows that are over, of those that were prepared, in the caller's transaction; return how many.

        Rows that somebody else has locked are passed over: whoever sweeps beside this ends them.
        """
        rows = await self._rows(at, limit, prepared, "" if self.takes_turns else "FOR UPDATE OF r SKIP LOCKED")
        ids = [row["id"] for row in rows]
        if not ids:
            return 0
        if self.inside is not None:
            return await self.inside(ports, at, ids)
        if self.empties:
            changes = ", ".join(f"{column} = NULL" for column in self.empties)
            await execute(f"UPDATE {self.table} SET {changes} WHERE id = ANY($1)", ids)  # noqa: S608
        else:
            await execute(f"DELETE FROM {self.table} WHERE id = ANY($1)", ids)  # noqa: S608
        return len(ids)

    async def _rows(self, at: datetime, limit: int, among: list[UUID] | None, lock: str) -> list[Row]:
        more = f", {self.columns}" if self.columns else ""
        return await fetch(
            f"""SELECT r.id{more} FROM {self.table} r
                WHERE {await self._over()}{"" if among is None else " AND r.id = ANY($3)"}
                ORDER BY {self.since}, r.id LIMIT $2 {lock}""",  # noqa: S608
            at - self.after,
            limit,
            *([] if among is None else [among]),
        )

    async def _over(self) -> str:
        """Return the condition on rows that are over; $1 is the moment, less `after`."""
        conditions = [f"{self.since} <= $1", f"({self.only})", *(f"r.{column} IS NOT NULL" for column in self.empties)]
        if self.kept_for:
            conditions.append(f"NOT EXISTS (SELECT FROM users w WHERE w.id = {self.kept_for} AND {restricted('w')})")
        if self.unreferred:
            conditions += [
                f"NOT EXISTS (SELECT FROM {table} o WHERE o.{column} = r.id)"
                for table, column in await _referring(self.table)
            ]
        return " AND ".join(conditions)


async def _referring(table: str) -> list[tuple[str, str]]:
    """Return the tables and columns whose foreign keys hold rows of a table fast."""
    rows = await fetch(
        """SELECT c.conrelid::regclass::text AS place, a.attname::text AS name FROM pg_constraint c
           JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
           WHERE c.contype = 'f' AND c.confrelid = to_regclass($1) AND c.confdeltype IN ('a', 'r') ORDER BY 1, 2""",
        table,
    )
    return [(row["place"], row["name"]) for row in rows]
