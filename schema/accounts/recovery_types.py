"""Inputs and payloads of the recovery of an account whose second factor is lost."""

import strawberry

from schema.accounts.types import AccountRecovery
from schema.errors import UserError


@strawberry.input(description="The link that was mailed.")
class StartAccountRecoveryInput:
    """Arguments of `startAccountRecovery`."""

    token: str = strawberry.field(description="From the link in `requestPasswordReset`'s mail.")


@strawberry.type(description="The waiting time runs.")
class StartAccountRecoveryPayload:
    """Outcome of `startAccountRecovery`."""

    recovery: AccountRecovery | None = strawberry.field(default=None, description="The one that runs now.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why none was begun.")


@strawberry.input(description="The link from the mail; nothing where the person is signed in.")
class CancelAccountRecoveryInput:
    """Arguments of `cancelAccountRecovery`."""

    token: str | None = strawberry.field(default=None, description="From the link in the mail.")


@strawberry.type(description="The second factors stay.")
class CancelAccountRecoveryPayload:
    """Outcome of `cancelAccountRecovery`."""

    canceled: bool = strawberry.field(default=False, description="Whether the recovery was stopped.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why it goes on, or that none runs.")
