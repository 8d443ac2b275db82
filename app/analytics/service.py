"""Commands: write events down, and roll them up."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from app.analytics.events import Occurrence
from app.core.db import execute, fetch_one
from app.core.jobs import JobKind

ROLL_UP = JobKind("analytics.roll_up", queue="bulk")
ROLL_UP_EVERY = timedelta(minutes=15)
EVENTS_LAST = timedelta(hours=24) - timedelta(hours=1)
"""From the beginning of their hour on: with the time until the next roll-up, no event is there for 24 hours."""
BATCH = 10_000
"""Events of one statement."""


def hour_of(moment: datetime) -> datetime:
    """Return the beginning of an hour: all that is kept of a moment."""
    return moment.replace(minute=0, second=0, microsecond=0)


async def write_events(occurred: Sequence[tuple[datetime, Occurrence]]) -> None:
    """Write down what occurred in which hours, by one statement.

    The rows lie in the order of their random ids: neither tells which of two came first.
    """
    if not occurred:
        return
    rows = sorted((uuid4(), hour, what) for hour, what in occurred)
    await execute(
        """INSERT INTO usage_events (id, hour, event, client, page, engine, style, outcome)
           SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[],
             $7::text[], $8::text[])""",
        [id for id, _, _ in rows],
        [hour for _, hour, _ in rows],
        [what.event.value for _, _, what in rows],
        [what.client.value for _, _, what in rows],
        [what.page for _, _, what in rows],
        [what.engine for _, _, what in rows],
        [what.style for _, _, what in rows],
        [what.outcome.value for _, _, what in rows],
    )


async def roll_up(now: datetime, limit: int = BATCH) -> int:
    """Add events that are over to the counts of their days, at most `limit`; return how many.

    One statement takes them away and adds them, so that each is counted once, whoever runs it at the same time and
    wherever it stops; what comes late is added too.
    """
    row = await fetch_one(
        """WITH gone AS (
             DELETE FROM usage_events WHERE id IN (
               SELECT id FROM usage_events WHERE hour <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED)
             RETURNING (hour AT TIME ZONE 'UTC')::date AS day, event, client, page, engine, style, outcome),
           added AS (
             INSERT INTO usage_days (id, day, event, client, page, engine, style, outcome, count)
             SELECT gen_random_uuid(), day, event, client, page, engine, style, outcome, count(*) FROM gone
             GROUP BY day, event, client, page, engine, style, outcome
             ORDER BY day, event, client, page, engine, style, outcome
             ON CONFLICT (day, event, client, page, engine, style, outcome)
             DO UPDATE SET count = usage_days.count + EXCLUDED.count)
           SELECT count(*) AS number FROM gone""",
        now - EVENTS_LAST,
        limit,
    )
    return int(row["number"]) if row else 0
