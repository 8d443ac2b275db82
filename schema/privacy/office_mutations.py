"""What officers decide of privacy requests."""

import strawberry

from app.privacy import decisions
from app.privacy.decisions import Keyed, once
from schema.context import Info
from schema.directives import Cost, SemanticNonNull
from schema.errors import mutation
from schema.privacy.mutations import request_key
from schema.privacy.office_types import (
    DenyPrivacyRequestInput,
    DenyPrivacyRequestPayload,
    ExtendPrivacyRequestInput,
    ExtendPrivacyRequestPayload,
    RetryPrivacyRequestInput,
    RetryPrivacyRequestPayload,
)
from schema.privacy.types import PrivacyRequest


@strawberry.type
class PrivacyOfficeMutations:
    """Part of Mutation."""

    @strawberry.mutation(
        description="Have a request answered later: once, for a reason that is mailed to the person, and before "
        "`dueAt` has passed. Privacy officers and administrators only.",
        directives=[SemanticNonNull(), Cost(weight=20)],
    )
    @mutation(ExtendPrivacyRequestPayload)
    async def extend_privacy_request(
        self, info: Info, input: ExtendPrivacyRequestInput
    ) -> ExtendPrivacyRequestPayload | None:
        """Commands `decisions.extend`."""
        office, actor, key = info.context.ports.requests, info.context.required_viewer.user_id, request_key(input.id)
        record = await once(
            _keyed(info, "extendPrivacyRequest", input.idempotency_key),
            key,
            [input.reason, input.until],
            lambda: decisions.extend(key, input.reason, office, actor=actor, until=input.until),
        )
        return ExtendPrivacyRequestPayload(request=PrivacyRequest.from_record(record))

    @strawberry.mutation(
        description="Not grant a request of which nothing is done yet. The person is told why, and how to complain. "
        "Privacy officers and administrators only.",
        directives=[SemanticNonNull(), Cost(weight=20)],
    )
    @mutation(DenyPrivacyRequestPayload)
    async def deny_privacy_request(
        self, info: Info, input: DenyPrivacyRequestInput
    ) -> DenyPrivacyRequestPayload | None:
        """Commands `decisions.refuse`."""
        office, actor, key = info.context.ports.requests, info.context.required_viewer.user_id, request_key(input.id)
        record = await once(
            _keyed(info, "denyPrivacyRequest", input.idempotency_key),
            key,
            [input.code, input.reason],
            lambda: decisions.refuse(key, input.code, input.reason, office, actor=actor),
        )
        return DenyPrivacyRequestPayload(request=PrivacyRequest.from_record(record))

    @strawberry.mutation(
        description="Have a request carried out again that was given up after many tries: it goes on with the first "
        "step that is not done. Privacy officers and administrators only.",
        directives=[SemanticNonNull(), Cost(weight=20)],
    )
    @mutation(RetryPrivacyRequestPayload)
    async def retry_privacy_request(
        self, info: Info, input: RetryPrivacyRequestInput
    ) -> RetryPrivacyRequestPayload | None:
        """Commands `decisions.retry`."""
        actor, key = info.context.required_viewer.user_id, request_key(input.id)
        record = await once(
            _keyed(info, "retryPrivacyRequest", input.idempotency_key),
            key,
            None,
            lambda: decisions.retry(key, actor=actor),
        )
        return RetryPrivacyRequestPayload(request=PrivacyRequest.from_record(record))


def _keyed(info: Info, operation: str, key: str) -> Keyed:
    return Keyed(info.context.required_viewer, operation, key, info.context.ports.idempotency_hash_key)
