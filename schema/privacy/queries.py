"""The queue of privacy requests, for officers."""

from typing import Annotated

import strawberry

from app.core.personal_data import Activity
from app.privacy.queue import Wanted, queue
from app.privacy.status import RequestStatus
from schema.context import Info
from schema.directives import PAGE, SemanticNonNull
from schema.privacy.types import PrivacyRequest, PrivacyRequestConnection
from schema.relay import check_first, decode_place, encode_place, page_of


@strawberry.type
class PrivacyQueries:
    """Part of Query."""

    @strawberry.field(
        description="Privacy requests, those with the least time left first; those that wait for a proof of the person "
        "have no time yet and come last. Privacy officers and administrators only. Each person who is shown finds the "
        "look in their own log, with the purpose LEGAL_COMPLIANCE.",
        directives=[SemanticNonNull(), PAGE],
    )
    async def privacy_requests(
        self,
        info: Info,
        first: int = 20,
        after: str | None = None,
        status: Annotated[
            RequestStatus | None, strawberry.argument(description="These only; left out: all that are open.")
        ] = None,
        overdue: Annotated[
            bool | None,
            strawberry.argument(description="Only those whose time is over, or only those where it is not."),
        ] = None,
    ) -> PrivacyRequestConnection | None:
        """Four statements, and one for the steps, whatever the page."""
        context, ports = info.context, info.context.ports
        wanted = Wanted(ports.clock.now(), status, overdue)
        records = await queue(
            context.required_viewer,
            Activity.LEGAL_COMPLIANCE,
            ports.allows,
            wanted,
            first=check_first(first),
            after=decode_place(after),
        )
        nodes = [PrivacyRequest.from_record(each) for each in records]
        cursors = [encode_place(each.due_at, each.id) for each in records[:first]]
        return page_of(nodes, cursors, first, after)
