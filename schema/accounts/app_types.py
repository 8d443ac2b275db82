"""Apps that a person let in."""

from datetime import datetime

import strawberry

from app.accounts.connected_apps import ConnectedApp as Record
from schema.accounts.enums import Scope
from schema.context import ID
from schema.errors import UserError
from schema.relay import global_id


@strawberry.type(description="An app that the person let in.")
class ConnectedApp:
    """`app.accounts.connected_apps.ConnectedApp`."""

    id: ID = strawberry.field(description="Globally unique and opaque.")
    name: str = strawberry.field(description="What it is called.")
    scopes: list[Scope] = strawberry.field(description="What it may do.")
    connected_at: datetime = strawberry.field(description="When the person last let it in.")

    @classmethod
    def from_record(cls, record: Record) -> "ConnectedApp":
        """Build from a query's record."""
        return cls(
            id=global_id("ConnectedApp", record.id),
            name=record.name,
            scopes=list(record.scopes),
            connected_at=record.connected_at,
        )


@strawberry.input(description="An app that is no longer wanted.")
class RevokeConnectedAppInput:
    """Arguments of `revokeConnectedApp`."""

    id: ID


@strawberry.type(description="The app can do nothing for the person any more.")
class RevokeConnectedAppPayload:
    """Outcome of `revokeConnectedApp`."""

    revoked_id: ID | None = strawberry.field(default=None, description="What was disconnected.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why it was not.")
