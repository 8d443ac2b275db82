"""Dismiss a notice."""

import strawberry

from app.core.errors import NotFound
from app.outreach import service
from app.outreach.queries import notice
from schema.context import ID, Info
from schema.directives import Cost, SemanticNonNull
from schema.errors import UserError, mutation
from schema.outreach.types import Notice
from schema.relay import parse_global_id


@strawberry.input(description="Which notice was seen.")
class DismissNoticeInput:
    """Arguments of `dismissNotice`."""

    id: ID = strawberry.field(description="The notice.")


@strawberry.type(description="The notice, which stays in the list.")
class DismissNoticePayload:
    """Outcome of `dismissNotice`."""

    notice: Notice | None = strawberry.field(default=None, description="It is open no more.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing changed.")


@strawberry.type
class OutreachMutations:
    """Part of Mutation."""

    @strawberry.mutation(
        description="Take a notice as seen; sent again it changes nothing.",
        directives=[SemanticNonNull(), Cost(weight=10)],
    )
    @mutation(DismissNoticePayload)
    async def dismiss_notice(self, info: Info, input: DismissNoticeInput) -> DismissNoticePayload | None:
        """Commands `service.dismiss`."""
        viewer, parsed = info.context.required_viewer, parse_global_id(input.id)
        if parsed is None or parsed[0] != "Notice":
            raise NotFound("There is no such notice of yours.", path=("id",))
        await service.dismiss(viewer, parsed[1])
        record = await notice(viewer, parsed[1])
        return DismissNoticePayload(notice=Notice.from_record(record) if record else None)
