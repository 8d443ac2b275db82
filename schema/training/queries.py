"""The data sets, for staff."""

import strawberry

from app.training.sets import listed
from schema.context import Info
from schema.directives import PAGE, SemanticNonNull
from schema.relay import check_first, decode_cursor
from schema.training.types import TrainingSetConnection, page


@strawberry.type
class TrainingQueries:
    """Part of Query."""

    @strawberry.field(
        description="The data sets that models may be trained on, newest first: numbers and hashes, nobody's data. "
        "Privacy officers and administrators only.",
        directives=[SemanticNonNull(), PAGE],
    )
    async def training_sets(
        self, info: Info, first: int = 20, after: str | None = None
    ) -> TrainingSetConnection | None:
        """One statement."""
        return page(await listed(check_first(first) + 1, decode_cursor(after)), first, after)
