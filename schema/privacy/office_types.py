"""Inputs and payloads of officers."""

from datetime import date

import strawberry

from app.accounts.staff import MAX_REASON
from app.privacy.decisions import DENIALS, DenialCode
from schema.context import ID
from schema.errors import UserError
from schema.privacy.types import PrivacyRequest

strawberry.enum(DenialCode, name="PrivacyDenialCode", description="Why an officer does not grant a privacy request.")
for _code in DenialCode.__strawberry_definition__.values:  # type: ignore[attr-defined]
    _code.description = DENIALS[DenialCode(_code.value)]

_KEY = "1 to 64 characters, new for each decision."
_REQUEST = "The request."


@strawberry.input(description="Which request takes longer, and why.")
class ExtendPrivacyRequestInput:
    """Arguments of `extendPrivacyRequest`."""

    id: ID = strawberry.field(description=_REQUEST)
    reason: str = strawberry.field(description=f"For the person, 1 to {MAX_REASON} characters: it is mailed.")
    until: date | None = strawberry.field(
        default=None, description="The last day for the answer; left out: the last one that the law gives."
    )
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.type(description="The request with its new `dueAt`.")
class ExtendPrivacyRequestPayload:
    """Outcome of `extendPrivacyRequest`."""

    request: PrivacyRequest | None = strawberry.field(default=None, description="As it stands.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing changed.")


@strawberry.input(description="Which request is not granted, and why.")
class DenyPrivacyRequestInput:
    """Arguments of `denyPrivacyRequest`."""

    id: ID = strawberry.field(description=_REQUEST)
    code: DenialCode = strawberry.field(description="The reason in a word.")
    reason: str = strawberry.field(
        description=f"For the person, 1 to {MAX_REASON} characters: it is mailed, with how to complain."
    )
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.type(description="The request, denied.")
class DenyPrivacyRequestPayload:
    """Outcome of `denyPrivacyRequest`."""

    request: PrivacyRequest | None = strawberry.field(default=None, description="As it stands.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing changed.")


@strawberry.input(description="Which request is carried out again.")
class RetryPrivacyRequestInput:
    """Arguments of `retryPrivacyRequest`."""

    id: ID = strawberry.field(description=_REQUEST)
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.type(description="The request, under way again.")
class RetryPrivacyRequestPayload:
    """Outcome of `retryPrivacyRequest`."""

    request: PrivacyRequest | None = strawberry.field(default=None, description="As it stands.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing changed.")
