"""Sign up, in and out; prove again who one is."""

import strawberry

from app.accounts import service, step_up
from app.accounts.challenges import Challenge
from app.accounts.identity import known_form
from app.accounts.queries import person
from app.accounts.service import NewAccount
from app.accounts.sessions import SignedIn
from app.analytics.events import Event
from app.core.limits import Doing
from schema.accounts.signing import (
    CompleteSignInInput,
    CompleteSignInPayload,
    ReauthenticateInput,
    ReauthenticatePayload,
    SignInInput,
    SignInPayload,
    SignOutInput,
    SignOutPayload,
    SignUpInput,
    SignUpPayload,
)
from schema.accounts.types import User
from schema.context import Info
from schema.directives import Cost, SemanticNonNull
from schema.errors import mutation


@strawberry.type
class AccountMutations:
    """Part of Mutation."""

    @strawberry.mutation(description="Make an account and sign in.", directives=[SemanticNonNull(), Cost(weight=50)])
    @mutation(SignUpPayload)
    async def sign_up(self, info: Info, input: SignUpInput) -> SignUpPayload | None:
        """Commands `service.sign_up`."""
        await info.context.limit(Doing.SIGN_UP, known_form(input.email))
        account = NewAccount(input.email, input.password, input.display_name, input.adult, input.policy_version)
        ports = info.context.ports
        signed_in = await service.sign_up(account, ports.clock, ports.session_lifetime, info.context.origin)
        info.context.note(Event.SIGNED_UP, signed_in.viewer)
        return SignUpPayload(user=await _user(signed_in), token=signed_in.token)

    @strawberry.mutation(
        description="Open a session, or with a second factor a challenge.",
        directives=[SemanticNonNull(), Cost(weight=50)],
    )
    @mutation(SignInPayload)
    async def sign_in(self, info: Info, input: SignInInput) -> SignInPayload | None:
        """Commands `service.sign_in`."""
        await info.context.limit(Doing.SIGN_IN, known_form(input.email))
        ports = info.context.ports
        signed_in = await service.sign_in(
            input.email, input.password, ports.clock, ports.session_lifetime, info.context.origin
        )
        if isinstance(signed_in, Challenge):
            return SignInPayload(challenge=signed_in.token, methods=list(signed_in.methods))
        info.context.note(Event.SIGNED_IN, signed_in.viewer)
        return SignInPayload(user=await _user(signed_in), token=signed_in.token)

    @strawberry.mutation(
        description="Open the session that `signIn` answered with a challenge for.",
        directives=[SemanticNonNull(), Cost(weight=50)],
    )
    @mutation(CompleteSignInPayload)
    async def complete_sign_in(self, info: Info, input: CompleteSignInInput) -> CompleteSignInPayload | None:
        """Commands `service.complete_sign_in`."""
        await info.context.limit(Doing.SIGN_IN, input.challenge)
        ports = info.context.ports
        signed_in = await service.complete_sign_in(
            input.challenge, input.code, ports.sealer, ports.clock, ports.session_lifetime, info.context.origin
        )
        info.context.note(Event.SIGNED_IN, signed_in.viewer)
        return CompleteSignInPayload(user=await _user(signed_in), token=signed_in.token)

    @strawberry.mutation(
        description="End the session that this request came with, or all.",
        directives=[SemanticNonNull(), Cost(weight=10)],
    )
    @mutation(SignOutPayload)
    async def sign_out(self, info: Info, input: SignOutInput) -> SignOutPayload | None:
        """Commands `service.sign_out`."""
        await service.sign_out(info.context.required_viewer, info.context.origin, everywhere=input.everywhere)
        return SignOutPayload(signed_out=True)

    @strawberry.mutation(
        description="Prove again who asks: for ten minutes, what is hard to undo is open to this session.",
        directives=[SemanticNonNull(), Cost(weight=50)],
    )
    @mutation(ReauthenticatePayload)
    async def reauthenticate(self, info: Info, input: ReauthenticateInput) -> ReauthenticatePayload | None:
        """Commands `step_up.reauthenticate`."""
        await info.context.limit(Doing.REAUTHENTICATE)
        ports = info.context.ports
        if input.credential is not None:
            await step_up.reauthenticate_with_passkey(
                info.context.required_viewer, input.credential, ports.relying_party, info.context.origin
            )
            return ReauthenticatePayload(reauthenticated=True)
        await step_up.reauthenticate(
            info.context.required_viewer, input.password, input.code, ports.sealer, ports.clock, info.context.origin
        )
        return ReauthenticatePayload(reauthenticated=True)


async def _user(signed_in: SignedIn) -> User | None:
    record = await person(signed_in.viewer)
    return User.from_record(record) if record else None
