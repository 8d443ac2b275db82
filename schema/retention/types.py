"""Reports of the sweeper. Counts of nobody's."""

from datetime import datetime

import strawberry

from app.retention.queries import Count, Run
from schema.directives import Cost, ListSize
from schema.relay import Connection, connection

MOST = 100
"""Sweeps: one for each kind of row that time ends."""


@strawberry.type(description="What one sweep did to one kind of row.", directives=[Cost(weight=0)])
class RetentionCount:
    """`app.retention.queries.Count`."""

    sweep: str = strawberry.field(description="Which kind: the table, unless there are several of it.")
    ended: int = strawberry.field(description="Rows that were over and went, or were emptied.")
    remaining: int = strawberry.field(description="Rows that were over and are still there; at most 100,000.")
    oldest: datetime | None = strawberry.field(description="Since when the oldest of those is over.")
    error: str | None = strawberry.field(description="The kind of error that broke it off; the next run tries again.")

    @classmethod
    def from_count(cls, count: Count) -> "RetentionCount":
        """Build from a query's record."""
        return cls(
            sweep=count.sweep, ended=count.ended, remaining=count.remaining, oldest=count.oldest, error=count.error
        )


@strawberry.type(description="A sweep through everything that time ends.", directives=[Cost(weight=1)])
class RetentionRun:
    """`app.retention.queries.Run`."""

    at: datetime = strawberry.field(description="What was over at this moment went.")
    started_at: datetime = strawberry.field(description="When it began.")
    finished_at: datetime | None = strawberry.field(
        description="When it had looked at everything; null: it goes on, or broke off and the next one does the rest."
    )
    counts: list[RetentionCount] = strawberry.field(
        description="What it did; nothing of kinds of which nothing was over.", directives=[ListSize(assumed_size=MOST)]
    )

    @classmethod
    def from_run(cls, run: Run) -> "RetentionRun":
        """Build from a query's record."""
        return cls(
            at=run.at,
            started_at=run.started_at,
            finished_at=run.finished_at,
            counts=[RetentionCount.from_count(each) for each in run.counts],
        )


RetentionRunConnection = Connection[RetentionRun]


def page(found: list[Run], first: int, after: str | None) -> RetentionRunConnection:
    """Build a page from up to `first + 1` runs."""
    return connection([RetentionRun.from_run(each) for each in found], [each.id for each in found], first, after)
