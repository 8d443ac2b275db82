"""Inputs and payloads of second factors."""

import strawberry

from schema.context import ID
from schema.errors import UserError


@strawberry.input(description="Nothing to ask for a secret; then a code of the app that was given it.")
class EnrolTotpInput:
    """Arguments of `enrolTotp`."""

    code: str | None = strawberry.field(default=None, description="The app's six digits, in the second call.")


@strawberry.type(description="What the app needs; after its first code, that it is set up.")
class EnrolTotpPayload:
    """Outcome of `enrolTotp`."""

    secret: str | None = strawberry.field(default=None, description="To type into an app, in the first call's answer.")
    uri: str | None = strawberry.field(
        default=None, description="`otpauth://…`, to show as a QR code, in the first call's answer."
    )
    confirmed: bool = strawberry.field(default=False, description="Whether the app is set up now.")
    recovery_codes: list[str] = strawberry.field(
        default_factory=list,
        description="Ten, in the second call's answer. Each signs in once where the app is out of reach; they are "
        "shown only here.",
    )
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was set up.")


@strawberry.input(description="Which one to remove.")
class RemoveSecondFactorInput:
    """Arguments of `removeSecondFactor`."""

    id: ID = strawberry.field(description="Of a `SecondFactor`.")


@strawberry.type(description="It is gone; with the last one, the recovery codes are too.")
class RemoveSecondFactorPayload:
    """Outcome of `removeSecondFactor`."""

    removed_id: ID | None = strawberry.field(default=None, description="What was removed.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was removed.")
