"""Masks unexpected errors: the client gets a `requestId`, the log gets what happened. Deliberate errors pass."""

from collections.abc import Iterator
from typing import Any

import structlog
from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError

from app.core.errors import AppError
from app.core.hub import HubClosed

EXPECTED = (GraphQLError, AppError, HubClosed, CannotGetOperationTypeError, InvalidOperationTypeError)
"""No bugs of ours: `presentable` says what each of them means."""

log = structlog.get_logger(__name__)


class MaskUnexpected(SchemaExtension):
    """Keeps validation messages and deliberate errors; gives each error an `extensions.code`."""

    def on_operation(self) -> Iterator[None]:
        """Mask what an operation that is no subscription returns."""
        yield
        self._mask(self.execution_context.result)

    def on_stream_result(self, result: Any) -> Iterator[None]:
        """Mask each event of a subscription, and what precedes the first."""
        self._mask(result)
        yield

    def _mask(self, result: Any) -> None:
        found = getattr(result, "errors", None)
        if found:
            request_id = self.execution_context.context.request_id
            result.errors = [presentable(error, request_id) for error in found]


def presentable(error: GraphQLError, request_id: str) -> GraphQLError:
    """Return what the client may see. Idempotent."""
    cause = error.original_error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    if cause is None or isinstance(cause, GraphQLError):
        extensions = dict(error.extensions or {}) or dict(getattr(cause, "extensions", None) or {})
        return _copy(error, error.message, {"code": "GRAPHQL_VALIDATION_FAILED", **extensions})
    if isinstance(cause, AppError):
        return _copy(error, cause.message, {"code": cause.code})
    if isinstance(cause, HubClosed):
        return _copy(error, "The server is restarting: subscribe again with `after`.", {"code": "RESTARTING"})
    if isinstance(cause, CannotGetOperationTypeError):
        return _copy(error, cause.as_http_error_reason(), {"code": "OPERATION_RESOLUTION_FAILURE"})
    if isinstance(cause, InvalidOperationTypeError):  # a stream asked for by GET
        return _copy(error, "Send mutations by POST.", {"code": "METHOD_NOT_ALLOWED"})
    return _copy(
        error,
        "Something went wrong on our side. If it happens again, tell us this id.",
        {"code": "INTERNAL_SERVER_ERROR", "requestId": request_id},
    )


def log_unexpected(errors: list[GraphQLError], request_id: str) -> None:
    """Log bugs: the kind of exception and where it was raised, no message and no query, which may quote people."""
    for error in errors:
        cause = error.original_error
        if cause is None or isinstance(cause, EXPECTED):
            continue
        place = cause.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        log.error(
            "graphql.unexpected",
            request_id=request_id,
            error=type(cause).__name__,
            field=".".join(str(part) for part in error.path or ()),
            module=place.tb_frame.f_globals.get("__name__") if place else None,
            line=place.tb_lineno if place else None,
        )


def _copy(error: GraphQLError, message: str, extensions: dict[str, Any]) -> GraphQLError:
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=extensions,
    )
