"""Inputs and payloads of second factors."""

import strawberry

from schema.accounts.types import User
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


@strawberry.input(description="Nothing to ask for options; then what the browser made by them.")
class EnrolPasskeyInput:
    """Arguments of `enrolPasskey`."""

    credential: str | None = strawberry.field(
        default=None, description="JSON of what `navigator.credentials.create` returned, in the second call."
    )
    name: str = strawberry.field(default="Passkey", description="What to call it: 1 to 60 visible characters.")


@strawberry.type(description="What the browser needs; after that, that the passkey is set up.")
class EnrolPasskeyPayload:
    """Outcome of `enrolPasskey`."""

    options: str | None = strawberry.field(
        default=None, description="JSON for `navigator.credentials.create`, in the first call's answer."
    )
    confirmed: bool = strawberry.field(default=False, description="Whether the passkey is set up now.")
    recovery_codes: list[str] = strawberry.field(
        default_factory=list, description="Ten, where this is the first second factor; they are shown only here."
    )
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was set up.")


@strawberry.type(description="What a browser signs with a passkey.")
class PasskeyOptionsPayload:
    """Outcome of `passkeyOptions`."""

    options: str | None = strawberry.field(
        default=None, description="JSON for `navigator.credentials.get`. It works once, for 5 minutes."
    )
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why there is none.")


@strawberry.input(description="What a passkey signed.")
class SignInWithPasskeyInput:
    """Arguments of `signInWithPasskey`."""

    credential: str = strawberry.field(description="JSON of what `navigator.credentials.get` returned.")


@strawberry.type(description="The session that was opened.")
class SignInWithPasskeyPayload:
    """Outcome of `signInWithPasskey`."""

    user: User | None = strawberry.field(default=None, description="Who signed in.")
    token: str | None = strawberry.field(default=None, description="The session's token. It is shown only here.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why no session was opened.")


@strawberry.input(description="Nothing but a key.")
class RenewRecoveryCodesInput:
    """Arguments of `renewRecoveryCodes`."""

    idempotency_key: str | None = strawberry.field(
        default=None,
        description="1 to 64 characters of yours. The same key again makes no codes and shows none: we keep hashes.",
    )


@strawberry.type(description="The codes of before work no more.")
class RenewRecoveryCodesPayload:
    """Outcome of `renewRecoveryCodes`."""

    renewed: bool = strawberry.field(default=False, description="Whether there are new ones.")
    recovery_codes: list[str] = strawberry.field(
        default_factory=list, description="Ten. They are shown only here, in the first call's answer."
    )
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why those of before still work.")


@strawberry.input(description="Which one to remove.")
class RemoveSecondFactorInput:
    """Arguments of `removeSecondFactor`."""

    id: ID = strawberry.field(description="Of a `SecondFactor`.")


@strawberry.type(description="It is gone; with the last one, the recovery codes are too.")
class RemoveSecondFactorPayload:
    """Outcome of `removeSecondFactor`."""

    removed_id: ID | None = strawberry.field(default=None, description="What was removed.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was removed.")
