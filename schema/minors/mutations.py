"""For staff: freeze the account of a child, or give it back."""

import strawberry

from app.minors import service
from app.minors.service import Report
from schema.accounts.staff_mutations import account_key
from schema.accounts.types import User
from schema.context import Info
from schema.directives import Cost, SemanticNonNull
from schema.errors import mutation
from schema.minors.types import FlagMinorInput, FlagMinorPayload, LiftMinorFlagInput, LiftMinorFlagPayload


@strawberry.type
class MinorMutations:
    """Part of Mutation."""

    @strawberry.mutation(
        description="Freeze an account that is a child's: nobody uses or sees anything of it from then on, and within "
        "72 hours it is deleted, with what others made from its pictures. Staff only.",
        directives=[SemanticNonNull(), Cost(weight=10)],
    )
    @mutation(FlagMinorPayload)
    async def flag_minor(self, info: Info, input: FlagMinorInput) -> FlagMinorPayload | None:
        """Commands `minors.service.flag`."""
        ports = info.context.ports
        flagged = await service.flag(
            info.context.required_viewer,
            account_key(input.id),
            Report(input.reason, ports.purge_after),
            key=input.idempotency_key,
            hash_key=ports.idempotency_hash_key,
        )
        return FlagMinorPayload(user=User.from_record(flagged.person), purge_at=flagged.purge_at)

    @strawberry.mutation(
        description="Give a frozen account back as it was, before it is deleted; generations that the freeze canceled "
        "stay canceled. Moderators, privacy officers and administrators only.",
        directives=[SemanticNonNull(), Cost(weight=10)],
    )
    @mutation(LiftMinorFlagPayload)
    async def lift_minor_flag(self, info: Info, input: LiftMinorFlagInput) -> LiftMinorFlagPayload | None:
        """Commands `minors.service.lift`."""
        person = await service.lift(info.context.required_viewer, account_key(input.id), input.reason)
        return LiftMinorFlagPayload(user=User.from_record(person))
