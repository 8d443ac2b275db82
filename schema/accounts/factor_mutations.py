"""Set up and remove second factors."""

import strawberry

from app.accounts import factors
from app.accounts.errors import FactorNotFound
from schema.accounts.factor_types import (
    EnrolTotpInput,
    EnrolTotpPayload,
    RemoveSecondFactorInput,
    RemoveSecondFactorPayload,
)
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
