"""Inputs and payloads of confirming and changing an address, and of a forgotten password."""

import strawberry

from schema.accounts.types import User
from schema.errors import UserError


@strawberry.input(description="The link that was mailed.")
class ConfirmEmailInput:
    """Arguments of `confirmEmail`."""

    token: str = strawberry.field(description="From the link in the mail.")
    password: str | None = strawberry.field(
        default=None, description="The account's password; not needed where the account itself is signed in."
    )


@strawberry.type(description="The address is the account's now, and good for signing in.")
class ConfirmEmailPayload:
    """Outcome of `confirmEmail`."""

    confirmed: bool = strawberry.field(default=False, description="Whether the address is the account's now.")
    user: User | None = strawberry.field(default=None, description="The account, where it is the viewer's.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing changed.")


@strawberry.input(description="Another address.")
class ChangeEmailInput:
    """Arguments of `changeEmail`."""

    email: str = strawberry.field(
        description="The new address, which counts once the link in its mail was opened; or the account's own, where "
        "it is not confirmed yet: then its link is mailed again."
    )


@strawberry.type(description="Mail is on its way to both addresses.")
class ChangeEmailPayload:
    """Outcome of `changeEmail`."""

    mailed: bool = strawberry.field(default=False, description="Whether mail is on its way.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why it is not.")


@strawberry.input(description="Whose password is forgotten.")
class RequestPasswordResetInput:
    """Arguments of `requestPasswordReset`."""

    email: str = strawberry.field(description="The address of the account.")


@strawberry.type(description="Mail is on its way; whether there is an account is said in the mail only.")
class RequestPasswordResetPayload:
    """Outcome of `requestPasswordReset`."""

    mailed: bool = strawberry.field(default=False, description="Whether mail is on its way.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why it is not.")


@strawberry.input(description="A new password.")
class ResetPasswordInput:
    """Arguments of `resetPassword`."""

    token: str = strawberry.field(description="From the link in the mail.")
    password: str = strawberry.field(description="10 to 256 characters that are not easily guessed.")


@strawberry.type(description="The password is changed, and every device is signed out.")
class ResetPasswordPayload:
    """Outcome of `resetPassword`."""

    changed: bool = strawberry.field(default=False, description="Whether the new password counts.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why it does not.")
