"""End a session."""

import strawberry

from app.accounts import sessions
from app.accounts.errors import SessionNotFound
from schema.accounts.session_types import RevokeSessionInput, RevokeSessionPayload
from schema.context import Info
from schema.directives import Cost, SemanticNonNull
from schema.errors import mutation
from schema.relay import parse_global_id


@strawberry.type
class SessionMutations:
    """Part of Mutation."""

    @strawberry.mutation(
        description="End one session of this account: a device that was lost, or that nobody knows.",
        directives=[SemanticNonNull(), Cost(weight=10)],
    )
    @mutation(RevokeSessionPayload)
    async def revoke_session(self, info: Info, input: RevokeSessionInput) -> RevokeSessionPayload | None:
        """Commands `sessions.revoke`."""
        found = parse_global_id(input.id)
        if found is None or found[0] != "Session":
            raise SessionNotFound("This is no session: send an id of `viewer.sessions`.", path=("id",))
        await sessions.revoke(info.context.required_viewer, found[1], info.context.origin)
        return RevokeSessionPayload(revoked_id=input.id)
