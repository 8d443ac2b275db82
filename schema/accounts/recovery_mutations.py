"""Begin and end the recovery of an account whose second factor is lost."""

import strawberry

from app.accounts import lost_factors
from app.core.limits import Doing
from schema.accounts.recovery_types import (
    CancelAccountRecoveryInput,
    CancelAccountRecoveryPayload,
    StartAccountRecoveryInput,
    StartAccountRecoveryPayload,
)
from schema.accounts.types import AccountRecovery
from schema.context import Info
from schema.directives import Cost, SemanticNonNull
from schema.errors import mutation


@strawberry.type
class RecoveryMutations:
    """Part of Mutation."""

    @strawberry.mutation(
        description="Say that the second factor is lost, with the link from `requestPasswordReset`'s mail, which is "
        "used up by it. After a waiting time the second factors are removed and every device is signed out; until then "
        "the person can stop it.",
        directives=[SemanticNonNull(), Cost(weight=50)],
    )
    @mutation(StartAccountRecoveryPayload)
    async def start_account_recovery(
        self, info: Info, input: StartAccountRecoveryInput
    ) -> StartAccountRecoveryPayload | None:
        """Commands `lost_factors.start`."""
        ports = info.context.ports
        await info.context.limit(Doing.FOLLOW_LINK, input.token)
        started = await lost_factors.start(input.token, ports.one_time, ports.recovery_wait, info.context.origin)
        return StartAccountRecoveryPayload(recovery=AccountRecovery.from_record(started))

    @strawberry.mutation(
        description="Stop the recovery of an account: with any session of it, or with the link from the mail about it.",
        directives=[SemanticNonNull(), Cost(weight=20)],
    )
    @mutation(CancelAccountRecoveryPayload)
    async def cancel_account_recovery(
        self, info: Info, input: CancelAccountRecoveryInput
    ) -> CancelAccountRecoveryPayload | None:
        """Commands `lost_factors.cancel`."""
        context = info.context
        await info.context.limit(Doing.FOLLOW_LINK, input.token or "")
        await lost_factors.cancel(context.viewer, input.token, context.ports.one_time, context.origin)
        return CancelAccountRecoveryPayload(canceled=True)
