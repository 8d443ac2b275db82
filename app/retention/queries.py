"""Reads of the reports, which are nobody's data."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core.db import Row, fetch


@dataclass(frozen=True, slots=True)
class Count:
    """What a run did to one kind of row."""

    sweep: str
    ended: int
    remaining: int
    """What was over and still there when it had finished."""
    oldest: datetime | None
    """Since when the oldest of that is over."""
    error: str | None
    """The kind of error that broke it off."""


@dataclass(frozen=True, slots=True)
class Run:
    """A sweep through everything."""

    id: UUID
    at: datetime
    """The moment that it went by."""
    started_at: datetime
    finished_at: datetime | None
    counts: Sequence[Count]
    """By the names of sweeps; of those only for which something was over."""


async def runs(*, first: int, before: UUID | None = None) -> list[Run]:
    """Return the last runs, the latest first, at most `first`, older than the one that `before` names."""
    rows = await fetch(
        """SELECT id, at, started_at, finished_at FROM retention_runs
           WHERE $2::uuid IS NULL
              OR (started_at, id) < (SELECT b.started_at, b.id FROM retention_runs b WHERE b.id = $2)
           ORDER BY started_at DESC, id DESC LIMIT $1""",
        first,
        before,
    )
    counts = await _counts([row["id"] for row in rows])
    return [Run(row["id"], row["at"], row["started_at"], row["finished_at"], counts.get(row["id"], ())) for row in rows]


async def _counts(run_ids: Sequence[UUID]) -> dict[UUID, list[Count]]:
    rows = await fetch(
        """SELECT run_id, sweep, ended, remaining, oldest, error FROM retention_counts
           WHERE run_id = ANY($1) ORDER BY sweep""",
        list(run_ids),
    )
    found: dict[UUID, list[Count]] = defaultdict(list)
    for row in rows:
        found[row["run_id"]].append(_count(row))
    return found


def _count(row: Row) -> Count:
    return Count(row["sweep"], row["ended"], row["remaining"], row["oldest"], row["error"])
