"""Say yes and no, object, and take any of it back: the same calls, the same effort."""

import strawberry

from app.consents.objections import Stance, set_objections
from app.consents.purposes import Method
from app.consents.queries import objections, standing
from app.consents.service import Choice, Way, set_consents
from app.core.limits import Doing
from schema.consents.enums import ConsentPurpose, Objectionable
from schema.consents.types import Consent, Objection, consents_of
from schema.context import Info
from schema.directives import Cost, ListSize, SemanticNonNull
from schema.errors import UserError, mutation


@strawberry.input(description="A yes or a no to one purpose.")
class ConsentDecision:
    """`app.consents.service.Choice`."""

    purpose: ConsentPurpose = strawberry.field(description="What for.")
    granted: bool = strawberry.field(description="Yes, or no: a withdrawal, where it was a yes.")


@strawberry.input(description="What the person decided. What is not named stays as it is.")
class SetConsentsInput:
    """Input of `setConsents`."""

    decisions: list[ConsentDecision] = strawberry.field(description="Each purpose at most once.")
    policy_version: str = strawberry.field(
        description="The version of the privacy policy that was shown. A yes needs the one in force."
    )
    idempotency_key: str = strawberry.field(description="1 to 64 characters, new for each decision.")


@strawberry.type(description="Where the purposes stand now.")
class SetConsentsPayload:
    """Outcome of `setConsents`."""

    consents: list[Consent] | None = strawberry.field(
        default=None, description="All of them.", directives=[ListSize(assumed_size=len(ConsentPurpose))]
    )
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was recorded.")


@strawberry.input(description="Whether the person objects to one activity.")
class ObjectionDecision:
    """`app.consents.objections.Stance`."""

    activity: Objectionable = strawberry.field(description="What they object to, or object to no more.")
    objected: bool = strawberry.field(description="Whether they object.")


@strawberry.input(description="What the person objects to. What is not named stays as it is.")
class SetObjectionsInput:
    """Input of `setObjections`."""

    objections: list[ObjectionDecision] = strawberry.field(description="Each activity at most once.")
    idempotency_key: str = strawberry.field(description="1 to 64 characters, new for each decision.")


@strawberry.type(description="Where the objections stand now.")
class SetObjectionsPayload:
    """Outcome of `setObjections`."""

    objections: list[Objection] | None = strawberry.field(
        default=None, description="All of them.", directives=[ListSize(assumed_size=len(Objectionable))]
    )
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was recorded.")


@strawberry.type
class ConsentMutations:
    """Part of Mutation."""

    @strawberry.mutation(
        description="Say yes or no to purposes, all at once. It takes effect before the answer comes: who withdraws "
        "FACE_REFERENCE_IMAGES has no reference pictures with faces any more.",
        directives=[SemanticNonNull(), Cost(weight=20)],
    )
    @mutation(SetConsentsPayload)
    async def set_consents(self, info: Info, input: SetConsentsInput) -> SetConsentsPayload | None:
        """Commands `service.set_consents`."""
        await info.context.limit(Doing.DECIDE)
        viewer, ports = info.context.required_viewer, info.context.ports
        await set_consents(
            viewer,
            [Choice(each.purpose, each.granted) for each in input.decisions],
            input.policy_version,
            key=input.idempotency_key,
            hash_key=ports.idempotency_hash_key,
            office=ports.consents,
            way=Way(Method.API, info.context.origin),
        )
        found = await standing(viewer, ports.consents.notices, ports.clock)
        return SetConsentsPayload(consents=consents_of(found))

    @strawberry.mutation(
        description="Object to what rests on a legitimate interest of ours, or take that back. No reason is needed.",
        directives=[SemanticNonNull(), Cost(weight=20)],
    )
    @mutation(SetObjectionsPayload)
    async def set_objections(self, info: Info, input: SetObjectionsInput) -> SetObjectionsPayload | None:
        """Commands `objections.set_objections`."""
        await info.context.limit(Doing.DECIDE)
        viewer, ports = info.context.required_viewer, info.context.ports
        await set_objections(
            viewer,
            [Stance(each.activity, each.objected) for each in input.objections],
            key=input.idempotency_key,
            hash_key=ports.idempotency_hash_key,
            clock=ports.clock,
            origin=info.context.origin,
            effects=ports.consents.on_objection,
        )
        return SetObjectionsPayload(objections=[Objection.from_record(each) for each in await objections(viewer)])
