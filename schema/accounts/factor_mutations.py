"""Set up and remove second factors."""

import strawberry

from app.accounts import factors, service
from app.accounts.errors import FactorNotFound
from app.accounts.queries import person
from app.analytics.events import Event
from app.core.limits import Doing
from schema.accounts.factor_types import (
    EnrolPasskeyInput,
    EnrolPasskeyPayload,
    EnrolTotpInput,
    EnrolTotpPayload,
    PasskeyOptionsPayload,
    RemoveSecondFactorInput,
    RemoveSecondFactorPayload,
    RenewRecoveryCodesInput,
    RenewRecoveryCodesPayload,
    SignInWithPasskeyInput,
    SignInWithPasskeyPayload,
)
from schema.accounts.types import User
from schema.context import Info
from schema.directives import Cost, SemanticNonNull
from schema.errors import mutation
from schema.relay import parse_global_id


@strawberry.type
class FactorMutations:
    """Part of Mutation."""

    @strawberry.mutation(
        description="Set up an authenticator app, in two calls: the first answers with a secret, the second sends a "
        "code of the app that was given it. Needs a fresh `reauthenticate`.",
        directives=[SemanticNonNull(), Cost(weight=20)],
    )
    @mutation(EnrolTotpPayload)
    async def enrol_totp(self, info: Info, input: EnrolTotpInput) -> EnrolTotpPayload | None:
        """Commands `factors.begin_totp`, then `factors.confirm_totp`."""
        viewer, ports = info.context.required_viewer, info.context.ports
        if input.code is None:
            made = await factors.begin_totp(viewer, ports.sealer)
            return EnrolTotpPayload(secret=made.secret, uri=made.uri)
        codes = await factors.confirm_totp(viewer, input.code, ports.sealer, ports.clock, info.context.origin)
        return EnrolTotpPayload(confirmed=True, recovery_codes=codes)

    @strawberry.mutation(
        description="Set up a passkey, in two calls: the first answers with options, the second sends what the browser "
        "made by them. Needs a fresh `reauthenticate`.",
        directives=[SemanticNonNull(), Cost(weight=20)],
    )
    @mutation(EnrolPasskeyPayload)
    async def enrol_passkey(self, info: Info, input: EnrolPasskeyInput) -> EnrolPasskeyPayload | None:
        """Commands `factors.begin_passkey`, then `factors.confirm_passkey`."""
        viewer, party = info.context.required_viewer, info.context.ports.relying_party
        if input.credential is None:
            return EnrolPasskeyPayload(options=await factors.begin_passkey(viewer, party))
        codes = await factors.confirm_passkey(viewer, input.credential, input.name, party, info.context.origin)
        return EnrolPasskeyPayload(confirmed=True, recovery_codes=codes)

    @strawberry.mutation(
        description="Ask what a passkey has to sign: for `reauthenticate` where somebody is signed in, else for "
        "`signInWithPasskey`.",
        directives=[SemanticNonNull(), Cost(weight=20)],
    )
    @mutation(PasskeyOptionsPayload)
    async def passkey_options(self, info: Info) -> PasskeyOptionsPayload | None:
        """Commands `service.passkey_options`."""
        await info.context.limit(Doing.SIGN_IN)
        options = await service.passkey_options(info.context.viewer, info.context.ports.relying_party)
        return PasskeyOptionsPayload(options=options)

    @strawberry.mutation(
        description="Open a session with a passkey, which stands for password and second factor.",
        directives=[SemanticNonNull(), Cost(weight=50)],
    )
    @mutation(SignInWithPasskeyPayload)
    async def sign_in_with_passkey(self, info: Info, input: SignInWithPasskeyInput) -> SignInWithPasskeyPayload | None:
        """Commands `service.sign_in_with_passkey`."""
        await info.context.limit(Doing.SIGN_IN)
        ports = info.context.ports
        signed_in = await service.sign_in_with_passkey(
            input.credential, ports.relying_party, ports.clock, ports.session_lifetime, info.context.origin
        )
        record = await person(signed_in.viewer)
        info.context.note(Event.SIGNED_IN, signed_in.viewer)
        return SignInWithPasskeyPayload(user=User.from_record(record) if record else None, token=signed_in.token)

    @strawberry.mutation(
        description="Make ten new recovery codes; those of before work no more. Needs a fresh `reauthenticate`.",
        directives=[SemanticNonNull(), Cost(weight=20)],
    )
    @mutation(RenewRecoveryCodesPayload)
    async def renew_recovery_codes(
        self, info: Info, input: RenewRecoveryCodesInput
    ) -> RenewRecoveryCodesPayload | None:
        """Commands `factors.renew_recovery_codes`."""
        context = info.context
        codes = await factors.renew_recovery_codes(
            context.required_viewer,
            key=input.idempotency_key,
            hash_key=context.ports.idempotency_hash_key,
            origin=context.origin,
        )
        return RenewRecoveryCodesPayload(renewed=True, recovery_codes=codes)

    @strawberry.mutation(
        description="Remove a second factor. Needs a fresh `reauthenticate`.",
        directives=[SemanticNonNull(), Cost(weight=20)],
    )
    @mutation(RemoveSecondFactorPayload)
    async def remove_second_factor(
        self, info: Info, input: RemoveSecondFactorInput
    ) -> RemoveSecondFactorPayload | None:
        """Commands `factors.remove`."""
        found = parse_global_id(input.id)
        if found is None or found[0] != "SecondFactor":
            raise FactorNotFound("You have no such second factor.", path=("id",))
        await factors.remove(info.context.required_viewer, found[1], info.context.origin)
        return RemoveSecondFactorPayload(removed_id=input.id)
