"""Ask something of us about one's data, and take that back."""

from collections.abc import Iterable
from uuid import UUID

import strawberry

from app.accounts.errors import PersonNotFound
from app.accounts.identity import known_form
from app.core.errors import InvalidInput
from app.core.limits import Doing
from app.privacy import asking
from app.privacy.asked import Asked
from app.privacy.errors import RequestNotFound
from app.privacy.on_behalf import submit_for
from app.privacy.proofs import prove
from app.privacy.strangers import ask_from
from schema.context import Info
from schema.directives import Cost, SemanticNonNull
from schema.errors import mutation
from schema.privacy.inputs import (
    CancelPrivacyRequestInput,
    CancelPrivacyRequestPayload,
    SubmitPrivacyRequestForInput,
    SubmitPrivacyRequestForPayload,
    SubmitPrivacyRequestInput,
    SubmitPrivacyRequestPayload,
    VerifyPrivacyRequestInput,
    VerifyPrivacyRequestPayload,
)
from schema.privacy.types import PrivacyRequest
from schema.relay import parse_global_id


@strawberry.type
class PrivacyMutations:
    """Part of Mutation."""

    @strawberry.mutation(
        description="Ask for a right over one's data. Some want a fresh proof that it is you: STEP_UP_REQUIRED says "
        "so. `privacyRequestProgress` follows it to its end. No account is needed: without one `address` is, which is "
        "mailed a link for `verifyPrivacyRequest`.",
        directives=[SemanticNonNull(), Cost(weight=50)],
    )
    @mutation(SubmitPrivacyRequestPayload)
    async def submit_privacy_request(
        self, info: Info, input: SubmitPrivacyRequestInput
    ) -> SubmitPrivacyRequestPayload | None:
        """Commands `asking.submit`, or `strangers.ask_from` for whoever is not signed in."""
        context, ports, asked = info.context, info.context.ports, asked_of(input)
        if context.viewer is None:
            if not input.address:
                raise InvalidInput("Say which address it is about, or sign in first.", path=("address",))
            await context.limit(Doing.ASK_FOR_RIGHT, known_form(input.address))
            await ask_from(input.address, asked, ports.requests)
            return SubmitPrivacyRequestPayload(received=True)
        if input.address is not None:
            raise InvalidInput("You are signed in: it is about your account.", path=("address",))
        await context.limit(Doing.ASK_FOR_RIGHT)
        key, hash_key = input.idempotency_key, ports.idempotency_hash_key
        record = await asking.submit(context.viewer, asked, ports.requests, key=key, hash_key=hash_key)
        request, token = PrivacyRequest.from_record(record), ports.one_time.token(record.id)
        return SubmitPrivacyRequestPayload(received=True, request=request, status_token=token)

    @strawberry.mutation(
        description="Show by the mailed link that it is you who asked: the request is under way then. No session is "
        "needed, but where the account has a second factor and what is asked for is worth one: STEP_UP_REQUIRED says "
        "so. A link works once, for seven days.",
        directives=[SemanticNonNull(), Cost(weight=20)],
    )
    @mutation(VerifyPrivacyRequestPayload)
    async def verify_privacy_request(
        self, info: Info, input: VerifyPrivacyRequestInput
    ) -> VerifyPrivacyRequestPayload | None:
        """Commands `proofs.prove`."""
        context, ports = info.context, info.context.ports
        await context.limit(Doing.FOLLOW_LINK, input.token)
        record = await prove(input.token, context.viewer, ports.one_time, ports.requests)
        return VerifyPrivacyRequestPayload(verified=True, status_token=ports.one_time.token(record.id))

    @strawberry.mutation(
        description="Ask on behalf of somebody who wrote on paper, or called. They are mailed, and find in their log "
        "who asked. Nobody asks for themselves like this. Privacy officers, administrators.",
        directives=[SemanticNonNull(), Cost(weight=50)],
    )
    @mutation(SubmitPrivacyRequestForPayload)
    async def submit_privacy_request_for(
        self, info: Info, input: SubmitPrivacyRequestForInput
    ) -> SubmitPrivacyRequestForPayload | None:
        """Commands `on_behalf.submit_for`."""
        context, ports = info.context, info.context.ports
        asked = Asked(input.right, input.statement.strip(), input.residence, evidence=input.evidence.strip())
        record = await submit_for(
            context.required_viewer,
            _whom(input),
            asked,
            ports.requests,
            verified=input.verified,
            key=input.idempotency_key,
            hash_key=ports.idempotency_hash_key,
        )
        return SubmitPrivacyRequestForPayload(request=PrivacyRequest.from_record(record))

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


def _whom(input: SubmitPrivacyRequestForInput) -> UUID | str:
    """Return whom staff ask for. Raises InvalidInput, PersonNotFound."""
    if (input.user_id is None) == (not input.address):
        raise InvalidInput("Name an account or an address: one of the two.", path=("userId",))
    if input.user_id is None:
        return input.address or ""
    found = parse_global_id(input.user_id)
    if found is None or found[0] != "User":
        raise PersonNotFound("There is no such account.", path=("userId",))
    return found[1]


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
