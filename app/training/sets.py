"""The data sets that there are, by their numbers: nobody's data."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core.db import Row, fetch, fetch_one
from app.training.errors import NotSealed, SetNotFound


@dataclass(frozen=True, slots=True)
class TrainingSetRecord:
    """A data set."""

    id: UUID
    name: str
    started_at: datetime
    sealed_at: datetime | None
    items: int
    sha256: str | None
    signature: str | None
    excluded: int
    """Items that are marked: no trainer is given them any more."""


async def listed(first: int, before: UUID | None = None) -> list[TrainingSetRecord]:
    """Return data sets, newest first, at most `first`, begun before `before`. One statement."""
    rows = await fetch(f"{_SETS} WHERE $2::uuid IS NULL OR s.id < $2 ORDER BY s.id DESC LIMIT $1", first, before)
    return [TrainingSetRecord(**row) for row in rows]


async def listed_one(name: str) -> TrainingSetRecord:
    """Return the data set of a name. Raises SetNotFound."""
    row = await fetch_one(f"{_SETS} WHERE s.name = $1", name)
    if row is None:
        raise _unknown()
    return TrainingSetRecord(**row)


async def sealed(name: str) -> Row:
    """Return the row of a data set that is finished. Raises SetNotFound, NotSealed."""
    row = await fetch_one("SELECT * FROM training_sets WHERE name = $1", name)
    if row is None:
        raise _unknown()
    if row["sealed_at"] is None:
        raise NotSealed("This data set is not finished: `anypeople training build` goes on with it.")
    return row


_SETS = """SELECT s.id, s.name, s.started_at, s.sealed_at, s.items, s.sha256, s.signature,
             (SELECT count(*) FROM training_items t WHERE t.set_id = s.id AND t.excluded_at IS NOT NULL) AS excluded
           FROM training_sets s"""


def _unknown() -> SetNotFound:
    return SetNotFound("There is no data set of that name: `anypeople training list` shows them.")
