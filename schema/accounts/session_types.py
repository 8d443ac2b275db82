"""Where somebody is signed in."""

from datetime import datetime

import strawberry

from app.accounts.sessions import SessionRecord
from app.core.viewer import Viewer
from schema.context import ID
from schema.errors import UserError
from schema.relay import global_id


@strawberry.type(description="A device that somebody is signed in on.")
class Session:
    """`app.accounts.sessions.SessionRecord`."""

    id: ID = strawberry.field(description="For `revokeSession`.")
    device: str | None = strawberry.field(description="The family of devices that signed in: `Firefox on Linux`.")
    network: str | None = strawberry.field(description="The truncated network that it signed in from.")
    created_at: datetime = strawberry.field(description="When it signed in.")
    last_used_at: datetime = strawberry.field(description="When it was used last, to the hour.")
    expires_at: datetime = strawberry.field(description="When it ends if it is not used any more.")
    is_current: bool = strawberry.field(description="Whether this request came with it.")

    @classmethod
    def from_record(cls, record: SessionRecord, viewer: Viewer) -> "Session":
        """Build from a query's record."""
        return cls(
            id=global_id("Session", record.id),
            device=record.device,
            network=record.network,
            created_at=record.created_at,
            last_used_at=record.last_used_at,
            expires_at=record.expires_at,
            is_current=record.id == viewer.session_id,
        )


@strawberry.input(description="Which session to end.")
class RevokeSessionInput:
    """Arguments of `revokeSession`."""

    id: ID = strawberry.field(description="One of `viewer.sessions`.")


@strawberry.type(description="The session is over; what is open on it ends within 5 seconds.")
class RevokeSessionPayload:
    """Outcome of `revokeSession`."""

    revoked_id: ID | None = strawberry.field(default=None, description="The session that is over.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why it goes on.")
