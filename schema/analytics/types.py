"""What was counted. It is nobody's."""

from datetime import date

import strawberry

from app.analytics.events import IN_WORDS, Client, Event, Outcome
from app.analytics.queries import Usage, Visits
from schema.directives import Cost

strawberry.enum(Event, name="UsageEvent", description="What is counted.")
strawberry.enum(Client, name="UsageClient", description="How it was asked for.")
strawberry.enum(Outcome, name="UsageOutcome", description="What came of it at once.")
for _kind in (Event, Client, Outcome):
    for _value in _kind.__strawberry_definition__.values:  # type: ignore[union-attr]
        _value.description = IN_WORDS[_kind(_value.value)]


@strawberry.type(
    description="How often one thing was done on one day, by whoever does not object.", directives=[Cost(weight=0)]
)
class UsageCount:
    """`app.analytics.queries.Usage`."""

    day: date = strawberry.field(description="The day in UTC.")
    event: Event = strawberry.field(description="What was done.")
    client: Client = strawberry.field(description="By what.")
    page: str | None = strawberry.field(description="The name of the page of ours, where it is about one.")
    engine: str | None = strawberry.field(description="Which engine, where it is about one.")
    style: str | None = strawberry.field(description="Which style, where one was wished for.")
    outcome: Outcome = strawberry.field(description="Whether it was done or refused.")
    count: int | None = strawberry.field(description="How often; null where that is fewer than 5 times.")
    final: bool = strawberry.field(description="Whether the day is over, and its single events are gone.")

    @classmethod
    def from_usage(cls, usage: Usage) -> "UsageCount":
        """Build from a row."""
        return cls(
            day=usage.day,
            event=usage.event,
            client=usage.client,
            page=usage.page or None,
            engine=usage.engine or None,
            style=usage.style or None,
            outcome=usage.outcome,
            count=usage.count,
            final=usage.final,
        )


@strawberry.type(
    description="How many visits of one day began at one page, of browsers that allowed the cookie for that.",
    directives=[Cost(weight=0)],
)
class PageVisitCount:
    """`app.analytics.queries.Visits`."""

    day: date = strawberry.field(description="The day in UTC.")
    page: str = strawberry.field(description="The name of one of our pages, where the visits began.")
    new: int = strawberry.field(description="Of browsers that were not here in the last 30 days.")
    returning: int = strawberry.field(description="Of browsers that were.")

    @classmethod
    def from_visits(cls, visits: Visits) -> "PageVisitCount":
        """Build from a row."""
        return cls(day=visits.day, page=visits.page, new=visits.new, returning=visits.returning)
