"""Inputs and payloads of signing up, in and out, and of proving again who one is."""

import strawberry

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


@strawberry.type(description="The session that was opened.")
class SignInPayload:
    """Outcome of `signIn`."""

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

    password: str = strawberry.field(description="The account's password.")


@strawberry.type(description="For ten minutes, what is hard to undo is open to this session.")
class ReauthenticatePayload:
    """Outcome of `reauthenticate`."""

    reauthenticated: bool = strawberry.field(default=False, description="Whether the proof was good.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why it was not.")
