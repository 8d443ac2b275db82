"""Inputs and payloads of what staff do to accounts."""

import strawberry

from app.core.viewer import Role
from schema.accounts.types import User
from schema.context import ID
from schema.errors import UserError


@strawberry.input(description="Which role a person gets.")
class SetUserRoleInput:
    """Arguments of `setUserRole`."""

    id: ID = strawberry.field(description="The account.")
    role: Role = strawberry.field(description="The new role.")


@strawberry.type(description="The account with its new role.")
class SetUserRolePayload:
    """Outcome of `setUserRole`."""

    user: User | None = strawberry.field(default=None, description="The account.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing changed.")


@strawberry.input(description="Whose account is suspended, and why.")
class SuspendUserInput:
    """Arguments of `suspendUser`."""

    id: ID = strawberry.field(description="The account.")
    reason: str = strawberry.field(description="For the person, 1 to 500 characters.")
    suspended: bool = strawberry.field(default=True, description="False lifts a suspension.")


@strawberry.type(description="The account with its new status.")
class SuspendUserPayload:
    """Outcome of `suspendUser`."""

    user: User | None = strawberry.field(default=None, description="The account.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing changed.")
