"""How the service is used, for those who run it."""

from datetime import date, timedelta
from typing import Annotated

import strawberry

from app.analytics.queries import MOST, usage_since, visits_since
from app.core.errors import InvalidInput
from schema.analytics.types import PageVisitCount, UsageCount
from schema.context import Info
from schema.directives import Cost, ListSize, SemanticNonNull

MOST_DAYS = 366
Days = Annotated[int, strawberry.argument(description=f"How many days back, 1 to {MOST_DAYS}, today (UTC) among them.")]


@strawberry.type
class AnalyticsQueries:
    """Part of Query."""

    @strawberry.field(
        description="How often what was done in the last days, the latest first. Nobody is in it who objects to that, "
        "refused the analytics cookie, is restricted or sends Global Privacy Control. At most 1,000. Privacy officers "
        "and administrators only.",
        directives=[SemanticNonNull(), ListSize(assumed_size=MOST), Cost(weight=20)],
    )
    async def usage(self, info: Info, days: Days = 30) -> list[UsageCount] | None:
        """One statement."""
        return [UsageCount.from_usage(each) for each in await usage_since(_first_of(info, days))]

    @strawberry.field(
        description="The visits of our pages in the last days, of browsers that allowed the cookie. At most 1,000. "
        "Privacy officers and administrators only.",
        directives=[SemanticNonNull(), ListSize(assumed_size=MOST), Cost(weight=20)],
    )
    async def page_visits(self, info: Info, days: Days = 30) -> list[PageVisitCount] | None:
        """One statement."""
        return [PageVisitCount.from_visits(each) for each in await visits_since(_first_of(info, days))]


def _first_of(info: Info, days: int) -> date:
    if not 1 <= days <= MOST_DAYS:
        raise InvalidInput(f"Ask for 1 to {MOST_DAYS} days.", path=("days",))
    return info.context.ports.clock.now().date() - timedelta(days=days - 1)
