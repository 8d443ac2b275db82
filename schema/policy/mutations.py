"""Accept a version; for staff: publish one."""

from datetime import datetime

import strawberry

from app.outreach.publication import publish
from app.policy import service
from app.policy.queries import listed_by_id
from app.policy.service import MAX_SUMMARY, Publication
from app.policy.texts import DocumentKind
from schema.consents.enums import ConsentPurpose
from schema.context import Info
from schema.directives import Cost, SemanticNonNull
from schema.errors import UserError, mutation
from schema.policy.types import Policy, PolicyAcceptance


@strawberry.input(description="Which version the person accepts.")
class AcceptPolicyInput:
    """Arguments of `acceptPolicy`."""

    version: str = strawberry.field(description="One that is in force, or will be: show it first.")
    kind: DocumentKind = strawberry.field(default=DocumentKind.PRIVACY, description="Of which text.")
    idempotency_key: str | None = strawberry.field(
        default=None, description="A new UUID. A version is accepted once, with it or without."
    )


@strawberry.type(description="The record of it, or that of the first time.")
class AcceptPolicyPayload:
    """Outcome of `acceptPolicy`."""

    acceptance: PolicyAcceptance | None = strawberry.field(default=None, description="What was accepted, and when.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was recorded.")


@strawberry.input(description="Which shipped version is published, and what is said of it. It is said for good.")
class PublishPolicyInput:
    """Arguments of `publishPolicy`."""

    kind: DocumentKind = strawberry.field(description="Of which text.")
    version: str = strawberry.field(description="One that is shipped with the program, and not published.")
    effective_at: datetime | None = strawberry.field(
        default=None, description="From when it is in force; null: at once, which a material change cannot be."
    )
    material: bool = strawberry.field(
        description="Whether it changes what people may expect. Then everybody is mailed and gets a notice."
    )
    summary: str = strawberry.field(description=f"What changes, for everybody to read; 1 to {MAX_SUMMARY} characters.")
    asks_again: list[ConsentPurpose] = strawberry.field(
        default_factory=list,
        description="Consents that do not cover the change: they count no more once it is in force.",
    )
    idempotency_key: str = strawberry.field(description="A new UUID for each publication.")


@strawberry.type(description="The version that was published.")
class PublishPolicyPayload:
    """Outcome of `publishPolicy`."""

    policy: Policy | None = strawberry.field(default=None, description="As everybody sees it.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was published.")


@strawberry.type
class PolicyMutations:
    """Part of Mutation."""

    @strawberry.mutation(
        description="Record that the viewer accepts a version.", directives=[SemanticNonNull(), Cost(weight=10)]
    )
    @mutation(AcceptPolicyPayload)
    async def accept_policy(self, info: Info, input: AcceptPolicyInput) -> AcceptPolicyPayload | None:
        """Commands `service.accept`."""
        ports = info.context.ports
        accepted = await service.accept(
            info.context.required_viewer,
            input.kind,
            input.version,
            ports.clock,
            key=input.idempotency_key,
            hash_key=ports.idempotency_hash_key,
        )
        return AcceptPolicyPayload(acceptance=PolicyAcceptance.from_record(accepted))

    @strawberry.mutation(
        description="Publish a version. Privacy officers and administrators only, with a fresh proof of who they are.",
        directives=[SemanticNonNull(), Cost(weight=50)],
    )
    @mutation(PublishPolicyPayload)
    async def publish_policy(self, info: Info, input: PublishPolicyInput) -> PublishPolicyPayload | None:
        """Commands `publication.publish`."""
        ports = info.context.ports
        wish = Publication(
            input.kind, input.version, input.effective_at, input.material, input.summary, tuple(input.asks_again)
        )
        published = await publish(
            info.context.required_viewer,
            wish,
            ports.notice,
            ports.clock,
            key=input.idempotency_key,
            hash_key=ports.idempotency_hash_key,
        )
        return PublishPolicyPayload(policy=Policy.from_record((await listed_by_id())[published.id]))
