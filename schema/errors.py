"""AppError → UserError: expected failures, as typed objects in a mutation's payload."""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from functools import wraps
from typing import ParamSpec, Protocol, TypeVar

import strawberry

from app.accounts import errors as account_errors
from app.accounts.methods import Method
from app.core import errors, idempotency
from schema.consents.enums import ConsentPurpose
from schema.directives import Cost

P = ParamSpec("P")


@strawberry.enum(description="What went wrong, for programs.")
class UserErrorCode(StrEnum):
    """Stable codes."""

    INVALID_INPUT = "INVALID_INPUT"
    NOT_PERMITTED = "NOT_PERMITTED"
    STEP_UP_REQUIRED = "STEP_UP_REQUIRED"
    ACCOUNT_RESTRICTED = "ACCOUNT_RESTRICTED"
    NOT_FOUND = "NOT_FOUND"
    CONFLICT = "CONFLICT"
    RATE_LIMITED = "RATE_LIMITED"
    CONSENT_REQUIRED = "CONSENT_REQUIRED"
    IDEMPOTENCY_MISMATCH = "IDEMPOTENCY_MISMATCH"
    IDEMPOTENCY_IN_PROGRESS = "IDEMPOTENCY_IN_PROGRESS"


@strawberry.interface(description="Something that the person, or their app, can do something about.")
class UserError:
    """Every expected failure has a type of its own that implements this."""

    code: UserErrorCode = strawberry.field(description="What went wrong, for programs.")
    message: str = strawberry.field(description="What went wrong and what to do next, for people.")
    path: list[str] | None = strawberry.field(description="Which part of the input, from `input` inwards.")


@strawberry.type(description="A value of the input breaks a rule that the message names.", directives=[Cost(weight=0)])
class InvalidInput(UserError):
    """`app.core.errors.InvalidInput`."""


@strawberry.type(description="The viewer may not do this.", directives=[Cost(weight=0)])
class NotPermitted(UserError):
    """`app.core.errors.NotPermitted`."""


strawberry.enum(Method, name="StepUpMethod", description="How somebody can prove that it is them.")


@strawberry.type(
    description="A fresh proof of who asks is needed: call `reauthenticate` with one of the methods.",
    directives=[Cost(weight=0)],
)
class StepUpRequired(UserError):
    """`app.accounts.errors.StepUpRequired`."""

    methods: list[Method] = strawberry.field(description="Those that are open to this person.")


@strawberry.type(description="The account may not be used at present.", directives=[Cost(weight=0)])
class AccountRestricted(UserError):
    """`app.accounts.errors.AccountRestricted`."""

    reason: str = strawberry.field(description="Why, for the person.")


@strawberry.type(description="There is no such thing, or it is somebody else's.", directives=[Cost(weight=0)])
class NotFound(UserError):
    """`app.core.errors.NotFound`."""


@strawberry.type(description="It contradicts the present state.", directives=[Cost(weight=0)])
class Conflict(UserError):
    """`app.core.errors.Conflict`."""


@strawberry.type(description="It was tried too often; nothing was done.", directives=[Cost(weight=0)])
class RateLimited(UserError):
    """`app.core.errors.RateLimited`."""

    retry_after_seconds: int = strawberry.field(description="How long to wait before the next try.")


@strawberry.type(
    description="Something has to be acknowledged or consented to first; the message quotes it.",
    directives=[Cost(weight=0)],
)
class ConsentRequired(UserError):
    """`app.core.errors.ConsentRequired`."""

    purpose: ConsentPurpose = strawberry.field(description="What for.")
    policy_version: str = strawberry.field(description="The version of the wording to show, and to send back.")


@strawberry.type(
    description="The idempotency key was used with another input, or its first call still runs.",
    directives=[Cost(weight=0)],
)
class IdempotencyError(UserError):
    """`app.core.idempotency`."""


TYPES: dict[type[errors.AppError], type[UserError]] = {
    account_errors.AccountRestricted: AccountRestricted,
    account_errors.StepUpRequired: StepUpRequired,
    errors.InvalidInput: InvalidInput,
    errors.NotPermitted: NotPermitted,
    errors.NotFound: NotFound,
    errors.Conflict: Conflict,
    errors.RateLimited: RateLimited,
    errors.ConsentRequired: ConsentRequired,
    idempotency.IdempotencyMismatch: IdempotencyError,
    idempotency.IdempotencyInProgress: IdempotencyError,
}


def render(error: errors.AppError) -> UserError:
    """Return the payload's error. Raises the error itself where no type is known for it: that is a bug of ours."""
    for base in type(error).__mro__:
        if kind := TYPES.get(base):
            code, path = UserErrorCode(error.code), list(error.path) or None
            return kind(code=code, message=error.message, path=path, **error.details())
    raise error


class Payload(Protocol):
    """What a mutation returns: the changed object, if any, and errors."""

    errors: list[UserError]


PayloadT = TypeVar("PayloadT", bound=Payload)


Resolver = Callable[P, Awaitable[PayloadT | None]]


def mutation(payload: Callable[..., PayloadT]) -> Callable[[Resolver[P, PayloadT]], Resolver[P, PayloadT]]:
    """Make a mutation root of a resolver: nullable, and an AppError becomes `payload(errors=[…])`."""

    def decorate(resolver: Resolver[P, PayloadT]) -> Resolver[P, PayloadT]:
        @wraps(resolver)
        async def wrapped(*args: P.args, **kwargs: P.kwargs) -> PayloadT | None:
            try:
                return await resolver(*args, **kwargs)
            except errors.AppError as error:
                return payload(errors=[render(error)])

        return wrapped

    return decorate
