"""Support, for staff."""

from typing import Annotated

import strawberry

from app.core.personal_data import Activity
from app.support.queries import threads
from app.support.topics import ThreadState, Topic
from schema.context import Info
from schema.directives import PAGE, SemanticNonNull
from schema.relay import check_first, decode_cursor
from schema.support.types import SupportThreadConnection, page


@strawberry.type
class SupportQueries:
    """Part of Query."""

    @strawberry.field(
        description="What people wrote to support, newest first: privacy requests for the purpose LEGAL_COMPLIANCE, "
        "everything else for ACCOUNT_MANAGEMENT. Support staff, administrators, privacy officers. Each person who is "
        "shown finds the look in their own log, with its purpose.",
        directives=[SemanticNonNull(), PAGE],
    )
    async def support_threads(
        self,
        info: Info,
        purpose: Annotated[Activity, strawberry.argument(description="What they are looked at for.")],
        first: int = 20,
        after: str | None = None,
        state: Annotated[ThreadState | None, strawberry.argument(description="These only.")] = None,
        topic: Annotated[Topic | None, strawberry.argument(description="About this only.")] = None,
    ) -> SupportThreadConnection | None:
        """Five statements, whatever the page."""
        records = await threads(
            info.context.required_viewer,
            purpose,
            info.context.ports.allows,
            first=check_first(first),
            before=decode_cursor(after),
            state=state,
            topic=topic,
        )
        return page(records, first, after)
