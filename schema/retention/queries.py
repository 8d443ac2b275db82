"""Reports of the sweeper, for staff."""

import strawberry

from app.retention.queries import runs
from schema.context import Info
from schema.directives import PAGE, SemanticNonNull
from schema.relay import check_first, decode_cursor
from schema.retention.types import RetentionRunConnection, page


@strawberry.type
class RetentionQueries:
    """Part of Query."""

    @strawberry.field(
        description="The last sweeps, the latest first: what each ended of what `retentionSchedule` promises, and what "
        "it had to leave. Privacy officers and administrators only.",
        directives=[SemanticNonNull(), PAGE],
    )
    async def retention_runs(
        self, _info: Info, first: int = 20, after: str | None = None
    ) -> RetentionRunConnection | None:
        """Two statements."""
        return page(await runs(first=check_first(first) + 1, before=decode_cursor(after)), first, after)
