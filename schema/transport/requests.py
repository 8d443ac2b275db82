"""What a request must look like, and how it is told that it does not."""

from collections.abc import Mapping
from email.message import Message as Headers
from typing import Any, cast

import orjson
from cross_web import AsyncHTTPRequestAdapter
from starlette.types import Message, Receive
from strawberry.http import GraphQLRequestData

from schema.transport.negotiation import JSON

PARAMETERS: dict[str, tuple[type, str]] = {
    "query": (str, "a string"),
    "operationName": (str, "a string or null"),
    "variables": (dict, "an object or null"),
    "extensions": (dict, "an object or null"),
}


class Refused(Exception):
    """A request that does not get as far as GraphQL."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})


def bounded(receive: Receive, limit: int) -> Receive:
    """Count the body as it comes in, so that a large one is never held whole. Raises Refused while it is read."""
    received = 0

    async def counted() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            text = f"The body has more than {limit} bytes: send a smaller request."
            raise Refused(413, "PAYLOAD_TOO_LARGE", text)
        return message

    return counted


async def read_parameters(request: AsyncHTTPRequestAdapter) -> GraphQLRequestData:
    """Return the operation that a GET or a POST carries. Raises Refused."""
    if request.method == "GET":
        given: dict[str, Any] = {name: value for name, value in request.query_params.items() if value}
        for name in ("variables", "extensions"):
            if name in given:
                given[name] = _decode(given[name], f"`{name}`")
    else:
        _check_content_type(request.content_type or "")
        given = _object(_decode(await request.get_body(), "The body"))
    for name, (kind, description) in PARAMETERS.items():
        if given.get(name) is not None and not isinstance(given[name], kind):
            raise Refused(400, "BAD_REQUEST", f"`{name}` must be {description}.")
    if not given.get("query"):
        raise Refused(400, "BAD_REQUEST", "There is no `query`: send the document as a string.")
    return GraphQLRequestData(
        query=given["query"],
        variables=given.get("variables"),
        operation_name=given.get("operationName") or None,
        extensions=given.get("extensions"),
    )


def _check_content_type(content_type: str) -> None:
    headers = Headers()
    headers["content-type"] = content_type
    charset = headers.get_content_charset("utf-8")
    if content_type.partition(";")[0].strip().lower() != JSON or charset not in {"utf-8", "utf8"}:
        raise Refused(415, "UNSUPPORTED_MEDIA_TYPE", f"Send the operation as `Content-Type: {JSON}`, in UTF-8.")


def _decode(text: str | bytes, what: str) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Refused(400, "BAD_REQUEST", f"{what} cannot be read as JSON.") from None


def _object(body: object) -> dict[str, Any]:
    if isinstance(body, list):
        raise Refused(400, "BATCHING_NOT_SUPPORTED", "The body is an array: send one operation for each request.")
    if not isinstance(body, dict):
        raise Refused(400, "BAD_REQUEST", "The body must be an object with a `query`.")
    return cast(dict[str, Any], body)
