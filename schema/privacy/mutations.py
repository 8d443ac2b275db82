"""Ask something of us about one's data, and take that back."""

from collections.abc import Iterable
from uuid import UUID

import strawberry

from app.core.errors import InvalidInput
from app.privacy import asking
from app.privacy.asked import Asked
from app.privacy.errors import RequestNotFound
from schema.context import Info
from schema.directives import Cost, SemanticNonNull
from schema.errors import mutation
from schema.privacy.inputs import (
    CancelPrivacyRequestInput,
    CancelPrivacyRequestPayload,
    SubmitPrivacyRequestInput,
    SubmitPrivacyRequestPayload,
)
from schema.privacy.types import PrivacyRequest
from schema.relay import parse_global_id


@strawberry.type
class PrivacyMutations:
    """Part of Mutation."""

    @strawberry.mutation(
        description="Ask for a right over one's data. Some want a fresh proof that it is you: STEP_UP_REQUIRED says "
        "so. `privacyRequestProgress` follows it to its end.",
        directives=[SemanticNonNull(), Cost(weight=50)],
    )
    @mutation(SubmitPrivacyRequestPayload)
    async def submit_privacy_request(
        self, info: Info, input: SubmitPrivacyRequestInput
    ) -> SubmitPrivacyRequestPayload | None:
        """Commands `asking.submit`."""
        ports = info.context.ports
        record = await asking.submit(
            info.context.required_viewer,
            asked_of(input),
            ports.requests,
            key=input.idempotency_key,
            hash_key=ports.idempotency_hash_key,
        )
        return SubmitPrivacyRequestPayload(request=PrivacyRequest.from_record(record))

    @strawberry.mutation(
        description="Take back a request that has not begun: before `startsAt`.",
        directives=[SemanticNonNull(), Cost(weight=10)],
    )
    @mutation(CancelPrivacyRequestPayload)
    async def cancel_privacy_request(
        self, info: Info, input: CancelPrivacyRequestInput
    ) -> CancelPrivacyRequestPayload | None:
        """Commands `asking.take_back`."""
        context = info.context
        record = await asking.take_back(context.required_viewer, request_key(input.id), context.ports.requests)
        return CancelPrivacyRequestPayload(request=PrivacyRequest.from_record(record))


def asked_of(input: SubmitPrivacyRequestInput) -> Asked:
    """Return what an input asks for. Raises InvalidInput."""
    return Asked(
        input.right,
        statement=input.statement.strip(),
        residence=input.residence,
        generations=tuple(_keys("Generation", input.generation_ids or (), "generationIds")),
        references=tuple(_keys("ReferenceImage", input.reference_ids or (), "referenceIds")),
        activities=tuple(each.value for each in input.activities or ()),
        purposes=tuple(each.value for each in input.purposes or ()),
        display_name=input.display_name,
        email=input.email,
        waive_grace=input.waive_grace,
    )


def request_key(id: str) -> UUID:
    """Return the key of a request. Raises RequestNotFound."""
    found = parse_global_id(id)
    if found is None or found[0] != "PrivacyRequest":
        raise RequestNotFound("There is no such request.", path=("id",))
    return found[1]


def _keys(type_name: str, ids: Iterable[str], path: str) -> list[UUID]:
    found = [parse_global_id(id) for id in ids]
    keys = [each[1] for each in found if each is not None and each[0] == type_name]
    if len(keys) < len(found):
        raise InvalidInput(f"Each of these is the id of a {type_name}.", path=(path,))
    return list(dict.fromkeys(keys))
