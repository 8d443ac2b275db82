"""An id for each request, in its answer and in every line logged on its behalf; and the headers of all answers."""

import re
import time

import structlog
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.ids import uuid7
from app.web.security import page_headers

log = structlog.get_logger(__name__)

ACCEPTED_ID = re.compile(rb"[A-Za-z0-9_-]{8,64}")
HEADERS = (
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    *((name.encode(), value.encode()) for name, value in page_headers({}).items()),
)
"""Of every answer that does not say otherwise, errors too: what is no page of ours shows and runs nothing."""
FAILED = "Something went wrong on our side. If it happens again, tell us this id: {}"
HTTPS_ONLY = (b"strict-transport-security", b"max-age=63072000")
"""Two years (RFC 6797); not for other hosts below the domain, which are not ours to decide about."""


class RequestIds:
    """ASGI middleware. Logs method, route and status; never an address, a query string or a body."""

    def __init__(self, app: ASGIApp, *, https_only: bool = False) -> None:
        """`https_only`: browsers that came once never come by http again."""
        self.app = app
        self.headers = (*HEADERS, HTTPS_ONLY) if https_only else HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request or socket."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        request_id = _given(scope) or uuid7().hex
        scope.setdefault("state", {})["request_id"] = request_id
        started = time.perf_counter()
        status = 0

        async def with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                present = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    (b"x-request-id", request_id.encode()),
                    *(header for header in self.headers if header[0] not in present),
                ]
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self.app(scope, receive, with_id)
            except Exception:  # Starlette would answer too, but outside of this, and so without our headers
                if status == 0 and scope["type"] == "http":
                    await PlainTextResponse(FAILED.format(request_id), 500)(scope, receive, with_id)
                raise
            finally:
                if scope["type"] == "http":
                    milliseconds = round((time.perf_counter() - started) * 1000, 1)
                    log.info("request", method=scope["method"], route=_route(scope), status=status, ms=milliseconds)


def _given(scope: Scope) -> str | None:
    """Return the id that a proxy in front of us gave, if it looks like one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and ACCEPTED_ID.fullmatch(value):
            return str(value.decode())
    return None


def _route(scope: Scope) -> str:
    """Return the route's first segment: what follows it may be an id. What is no route of ours may be anything."""
    if "endpoint" not in scope:
        return "-"
    return "/" + str(scope["path"]).lstrip("/").split("/", 1)[0][:32]
