"""Inputs and payloads of flags of minors."""

from datetime import datetime

import strawberry

from schema.accounts.types import User
from schema.context import ID
from schema.errors import UserError


@strawberry.input(description="Whose account is said to be a child's, and why.")
class FlagMinorInput:
    """Arguments of `flagMinor`."""

    id: ID = strawberry.field(description="The account.")
    reason: str = strawberry.field(
        description="What shows it, 1 to 500 characters. The person finds it in their log if the account is given back."
    )
    idempotency_key: str = strawberry.field(
        description="1 to 64 characters, new for each flag; sent again it flags nothing twice."
    )


@strawberry.type(description="The frozen account.")
class FlagMinorPayload:
    """Outcome of `flagMinor`."""

    user: User | None = strawberry.field(default=None, description="The account.")
    purge_at: datetime | None = strawberry.field(
        default=None, description="When everything about the person is deleted, unless the flag is lifted before."
    )
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing changed.")


@strawberry.input(description="Whose account is given back, and why.")
class LiftMinorFlagInput:
    """Arguments of `liftMinorFlag`."""

    id: ID = strawberry.field(description="The account.")
    reason: str = strawberry.field(description="For the person, 1 to 500 characters.")


@strawberry.type(description="The account, with the status that it had.")
class LiftMinorFlagPayload:
    """Outcome of `liftMinorFlag`."""

    user: User | None = strawberry.field(default=None, description="The account.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing changed.")
