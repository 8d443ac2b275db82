"""Reads of what was counted. It is nobody's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.analytics.events import Client, Event, Outcome
from app.core.db import Row, fetch

MOST = 1000
"""Rows."""
FEWEST = 5
"""Smaller numbers are not shown: few people, and perhaps one, may have done so much."""


@dataclass(frozen=True, slots=True)
class Usage:
    """How often one thing was done on one day (UTC)."""

    day: date
    event: Event
    client: Client
    page: str
    engine: str
    style: str
    outcome: Outcome
    count: int | None
    """None: fewer than `FEWEST`."""
    final: bool
    """Whether no event of that day is there any more, or can still come: the count does not change."""


async def usage_since(day: date, most: int = MOST) -> Sequence[Usage]:
    """Return what was counted from a day on, the latest first, rolled up or not yet: one statement."""
    rows = await fetch(
        """WITH counted AS (
             SELECT day, event, client, page, engine, style, outcome, count, FALSE AS fresh FROM usage_days
             WHERE day >= $1
             UNION ALL
             SELECT (hour AT TIME ZONE 'UTC')::date, event, client, page, engine, style, outcome, 1, TRUE
             FROM usage_events WHERE hour >= $1::date::timestamp AT TIME ZONE 'UTC')
           SELECT day, event, client, page, engine, style, outcome, sum(count)::bigint AS count,
                  NOT bool_or(bool_or(fresh)) OVER (PARTITION BY day)
                    AND day < (now() AT TIME ZONE 'UTC')::date - 1 AS final
           FROM counted GROUP BY day, event, client, page, engine, style, outcome
           ORDER BY day DESC, event, client, page, engine, style, outcome LIMIT $2""",
        day,
        most,
    )
    return [_usage(row) for row in rows]


async def unsent_days() -> list[date]:
    """Return the days of the last week that are final and were not sent to a provider, at most seven."""
    rows = await fetch(
        """SELECT DISTINCT day FROM usage_days d
           WHERE day < (now() AT TIME ZONE 'UTC')::date - 1 AND day >= (now() AT TIME ZONE 'UTC')::date - 7
             AND NOT EXISTS (SELECT 1 FROM usage_reports r WHERE r.day = d.day)
             AND NOT EXISTS (SELECT 1 FROM usage_events e WHERE (e.hour AT TIME ZONE 'UTC')::date = d.day)
           ORDER BY day LIMIT 7"""
    )
    return [row["day"] for row in rows]


async def usage_of(day: date) -> list[Usage]:
    """Return the counts of a day that is final; at most a thousand."""
    rows = await fetch(
        """SELECT day, event, client, page, engine, style, outcome, count, TRUE AS final FROM usage_days
           WHERE day = $1 ORDER BY event, client, page, engine, style, outcome LIMIT $2""",
        day,
        MOST,
    )
    return [_usage(row) for row in rows]


def _usage(row: Row) -> Usage:
    return Usage(
        **{
            **row,
            "event": Event(row["event"]),
            "client": Client(row["client"]),
            "outcome": Outcome(row["outcome"]),
            "count": row["count"] if row["count"] >= FEWEST else None,
        }
    )


@dataclass(frozen=True, slots=True)
class Visits:
    """One day at one page, of browsers that allowed the cookie."""

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
