"""The error model: what a command raises when a person can do something about it.

A command raises an `AppError`; `schema/errors.py` renders it as a concrete `UserError` of the payload. Everything
else that escapes a command is a bug: it is masked and logged with the request's id.
"""

from collections.abc import Mapping, Sequence


class AppError(Exception):
    """An expected failure.

    `code` is stable and machine readable, `message` is safe to show to anybody (no personal data, no internals) and
    says what to do next, `path` points into the input of the mutation.
    """

    code = "ERROR"

    def __init__(self, message: str, *, path: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.path = tuple(path)

    def details(self) -> Mapping[str, object]:
        """Return what this kind of error says besides: more fields of its `UserError`."""
        return {}


class InvalidInput(AppError):
    """The input breaks a rule that the message names."""

    code = "INVALID_INPUT"


class NotPermitted(AppError):
    """The viewer may not do this."""

    code = "NOT_PERMITTED"


class NotFound(AppError):
    """There is no such thing, or it is not the viewer's own: the two are not told apart."""

    code = "NOT_FOUND"


class Conflict(AppError):
    """What is asked for contradicts the present state."""

    code = "CONFLICT"


class RateLimited(AppError):
    """It was tried too often; it may be tried again after `retry_after_seconds`."""

    code = "RATE_LIMITED"

    def __init__(self, message: str, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds

    def details(self) -> Mapping[str, object]:
        """Return how long to wait."""
        return {"retry_after_seconds": self.retry_after_seconds}


class ConsentRequired(AppError):
    """Something has to be acknowledged or consented to first, in the wording of that version."""

    code = "CONSENT_REQUIRED"

    def __init__(self, message: str, *, purpose: str, policy_version: str, path: Sequence[str] = ()) -> None:
        super().__init__(message, path=path)
        self.purpose = purpose
        self.policy_version = policy_version

    def details(self) -> Mapping[str, object]:
        """Return purpose and version."""
        return {"purpose": self.purpose, "policy_version": self.policy_version}
