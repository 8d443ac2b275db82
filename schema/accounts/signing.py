"""Inputs and payloads of signing up, in and out, and of proving again who one is."""

import strawberry

from app.accounts.methods import Method
from schema.accounts.types import User
from schema.errors import UserError


@strawberry.input(description="A new account.")
class SignUpInput:
    """What a person says when they sign up."""

    email: str = strawberry.field(description="The address to sign in with.")
    password: str = strawberry.field(description="10 to 256 characters.")
    display_name: str = strawberry.field(description="1 to 60 characters.")
    adult: bool = strawberry.field(description="That the person is 18 or older. False is refused.")
    policy_version: str = strawberry.field(description="The version of the privacy policy that was shown.")


@strawberry.input(description="An address and its password.")
class SignInInput:
    """Credentials."""

    email: str
    password: str


@strawberry.input(description="Which sessions to end.")
class SignOutInput:
    """The session that the request came with, or all of them."""

    everywhere: bool = strawberry.field(default=False, description="End every session of this account.")


@strawberry.type(description="The account that was made.")
class SignUpPayload:
    """Outcome of `signUp`."""

    user: User | None = strawberry.field(default=None, description="The new account.")
    token: str | None = strawberry.field(default=None, description="The session's token. It is shown only here.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was made.")


@strawberry.type(description="The session that was opened, or what is still needed for one.")
class SignInPayload:
    """Outcome of `signIn`."""

    user: User | None = strawberry.field(default=None, description="Who signed in.")
    token: str | None = strawberry.field(default=None, description="The session's token. It is shown only here.")
    challenge: str | None = strawberry.field(
        default=None, description="Set instead of `token` where a second factor is set up: for `completeSignIn`."
    )
    methods: list[Method] = strawberry.field(
        default_factory=list, description="What the challenge can be answered with; empty without one."
    )
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why no session was opened.")


@strawberry.input(description="What `signIn` answered, and a code.")
class CompleteSignInInput:
    """Arguments of `completeSignIn`."""

    challenge: str = strawberry.field(description="From `signIn`. It works once, for 10 minutes and 5 codes.")
    code: str = strawberry.field(description="The authenticator app's six digits, or a recovery code.")


@strawberry.type(description="The session that was opened.")
class CompleteSignInPayload:
    """Outcome of `completeSignIn`."""

    user: User | None = strawberry.field(default=None, description="Who signed in.")
    token: str | None = strawberry.field(default=None, description="The session's token. It is shown only here.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why no session was opened.")


@strawberry.type(description="The session is over.")
class SignOutPayload:
    """Outcome of `signOut`."""

    signed_out: bool = strawberry.field(default=False, description="Whether the token is worthless now.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why the session goes on.")


@strawberry.input(description="A proof of who asks.")
class ReauthenticateInput:
    """Arguments of `reauthenticate`."""

    password: str | None = strawberry.field(
        default=None, description="The account's password, where no second factor is set up."
    )
    code: str | None = strawberry.field(
        default=None, description="The authenticator app's six digits, or a recovery code."
    )
    credential: str | None = strawberry.field(
        default=None, description="What a passkey signed: JSON of `navigator.credentials.get`, for `passkeyOptions`."
    )


@strawberry.type(description="For ten minutes, what is hard to undo is open to this session.")
class ReauthenticatePayload:
    """Outcome of `reauthenticate`."""

    reauthenticated: bool = strawberry.field(default=False, description="Whether the proof was good.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why it was not.")
