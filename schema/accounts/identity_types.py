"""Accounts at providers that open the viewer's."""

from datetime import datetime

import strawberry

from app.accounts.identities import LinkedIdentity as Record
from app.accounts.providers import Provider
from schema.context import ID
from schema.errors import UserError
from schema.relay import global_id

strawberry.enum(Provider, name="IdentityProvider", description="Who signs people in for us.")


@strawberry.type(description="An account elsewhere that opens this one. Link one at `/account`, in a browser.")
class LinkedIdentity:
    """`app.accounts.identities.LinkedIdentity`."""

    id: ID = strawberry.field(description="For `unlinkIdentity`.")
    provider: Provider = strawberry.field(description="Where that account is.")
    linked_at: datetime = strawberry.field(description="Since when it opens this one.")
    last_used_at: datetime | None = strawberry.field(description="When it last did; null if never yet.")

    @classmethod
    def from_record(cls, record: Record) -> "LinkedIdentity":
        """Build from a query's record."""
        return cls(
            id=global_id("LinkedIdentity", record.id),
            provider=record.provider,
            linked_at=record.created_at,
            last_used_at=record.last_used_at,
        )


@strawberry.input(description="Which account elsewhere shall not open this one any more.")
class UnlinkIdentityInput:
    """Arguments of `unlinkIdentity`."""

    id: ID = strawberry.field(description="One of `viewer.identities`.")


@strawberry.type(description="The account elsewhere does not open this one any more.")
class UnlinkIdentityPayload:
    """Outcome of `unlinkIdentity`."""

    unlinked_id: ID | None = strawberry.field(default=None, description="What was unlinked.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why it was not.")
