"""Reads of the roll-up, for the operator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.core.db import fetch

MOST = 1000
"""Rows."""


@dataclass(frozen=True, slots=True)
class Visits:
    """One day at one page."""

    day: date
    page: str
    new: int
    returning: int


async def visits_since(day: date) -> Sequence[Visits]:
    """Return what was counted from a day on, the latest first; at most a thousand rows."""
    rows = await fetch(
        """SELECT day, page, coalesce(sum(count) FILTER (WHERE kind = 'NEW'), 0)::bigint AS new,
                  coalesce(sum(count) FILTER (WHERE kind = 'RETURNING'), 0)::bigint AS returning
           FROM page_visits WHERE day >= $1 GROUP BY day, page ORDER BY day DESC, page LIMIT $2""",
        day,
        MOST,
    )
    return [Visits(row["day"], row["page"], row["new"], row["returning"]) for row in rows]
