"""GraphQL over HTTP and WebSockets, on Strawberry's view.

HTTP follows the GraphQL-over-HTTP specification: `application/graphql-response+json` for clients that accept it, with
400 for a request that was not executed; else `application/json`, always 200 for a well-formed request. WebSockets speak
`graphql-transport-ws` only.
"""

import re
from datetime import timedelta
from typing import cast

import orjson
from cross_web import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http import GraphQLHTTPResponse
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types.unset import UNSET, UnsetType

from app.accounts.queries import viewer_of
from app.core.viewer import Viewer
from schema.context import Context, Ports
from schema.executable import Schema
from schema.transport.websocket import TextAdapter

GRAPHQL_RESPONSE = "application/graphql-response+json"
JSON = "application/json"
INIT_TIMEOUT = timedelta(seconds=10)
MAX_OPERATIONS_PER_SOCKET = 50
RESTARTING = 1012
"""WebSocket close code "service restart": clients connect again by themselves."""


class InvalidToken(Exception):
    """A token was sent and is worth nothing (any more)."""


class GraphQLEndpoint(GraphQL[Context, None]):
    """The `/graphql` endpoint."""

    websocket_adapter_class = TextAdapter

    def __init__(
        self,
        schema: Schema,
        ports: Ports,
        *,
        allowed_origins: tuple[str, ...] = (),
        local_origins: bool = False,
        max_body_bytes: int = 1_048_576,
    ) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            connection_init_wait_timeout=INIT_TIMEOUT,
            max_subscriptions_per_connection=MAX_OPERATIONS_PER_SOCKET,
            allowed_origins=allowed_origins,
        )
        self._ports = ports
        self._local_origins = local_origins
        self._max_body_bytes = max_body_bytes
        self._sockets: set[WebSocket] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or serve one socket to its end."""
        if scope["type"] == "websocket":
            socket: WebSocket = WebSocket(scope, receive, send)
            await self._serve_socket(socket)
            return
        request = Request(scope, _bounded(receive, self._max_body_bytes))
        try:
            response = cast(Response, await self.run(request))
        except HTTPException as error:
            response = _refusal(request, error.status_code, error.reason, "BAD_REQUEST")
        except BodyTooLarge:
            message = f"The body has more than {self._max_body_bytes} bytes. Upload pictures with `createUpload`."
            response = _refusal(request, 413, message, "PAYLOAD_TOO_LARGE")
        except InvalidToken:
            message = "The session has expired or was ended: sign in again."
            response = _refusal(request, 401, message, "UNAUTHENTICATED")
            response.headers["www-authenticate"] = 'Bearer error="invalid_token"'
        await response(scope, receive, send)

    async def _serve_socket(self, socket: WebSocket) -> None:
        self._sockets.add(socket)
        try:
            await self.run(socket)
        finally:
            self._sockets.discard(socket)

    async def close_sockets(self) -> None:
        """Close every socket, saying that the server restarts; clients go on elsewhere with `after`."""
        for socket in list(self._sockets):
            try:
                await socket.close(RESTARTING, "Server restarting: connect again and resume with `after`.")
            except RuntimeError:
                continue  # it closed by itself in the meantime

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        """Identify the viewer of a request. Raises InvalidToken. A socket is identified by its `connection_init`."""
        context = Context(self._ports, request_id=request.scope.get("state", {}).get("request_id", "-"))
        if isinstance(request, Request):
            context.viewer = await self._identify(request.headers.get("authorization"))
        return context

    async def on_ws_connect(self, context: Context) -> UnsetType | dict[str, object] | None:
        """Identify the viewer of a socket; a token that is worth nothing closes it with 4403."""
        value = (context.connection_params or {}).get("authorization")
        try:
            context.viewer = await self._identify(value if isinstance(value, str) else None)
        except InvalidToken:
            raise ConnectionRejectionError from None
        acknowledgement: UnsetType = UNSET
        return acknowledgement

    async def _identify(self, authorization: str | None) -> Viewer | None:
        if not authorization:
            return None
        scheme, _, token = authorization.strip().partition(" ")
        viewer = await viewer_of(token.strip(), self._ports.clock) if scheme.lower() == "bearer" else None
        if viewer is None:
            raise InvalidToken
        return viewer

    def is_websocket_origin_allowed(self, request: WebSocket, origin: str) -> bool:
        """Allow what is configured; in development, pages served from this machine too."""
        return super().is_websocket_origin_allowed(request, origin) or (
            self._local_origins and LOCAL_ORIGIN.fullmatch(origin) is not None
        )

    def encode_json(self, data: object) -> bytes:
        """Encode with orjson; the socket's adapter turns it into text."""
        return orjson.dumps(data)

    def decode_json(self, data: str | bytes) -> object:
        """Decode with orjson. Raises json.JSONDecodeError."""
        return orjson.loads(data)

    async def run(self, request: Request | WebSocket, *args: object, **kwargs: object) -> Response | WebSocket:  # type: ignore[override]
        """Negotiate the answer's media type around Strawberry's execution."""
        response: Response | WebSocket = await super().run(request, *args, **kwargs)  # type: ignore[call-overload]
        if isinstance(request, Request) and isinstance(response, Response) and response.media_type == JSON:
            _negotiate(request, response)
        return response

    def create_response(
        self, response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse], sub_response: Response
    ) -> Response:
        """Mark an answer without execution: it has no `data`."""
        executed = not (
            isinstance(response_data, dict) and response_data.get("errors") and response_data.get("data") is None
        )
        if not executed and isinstance(response_data, dict):
            response_data.pop("data", None)
        response = super().create_response(response_data, sub_response)
        response.status_code = 200 if executed else 400
        return response


LOCAL_ORIGIN = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?")


class BodyTooLarge(Exception):
    """The request's body passed the limit."""


def _bounded(receive: Receive, limit: int) -> Receive:
    """Count the body as it comes in, so that a large one is never held whole."""
    received = 0

    async def counted() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise BodyTooLarge
        return message

    return counted


def _accepts_graphql_response(request: Request) -> bool:
    ranges = [part.split(";")[0].strip().lower() for part in request.headers.get("accept", "").split(",")]
    return GRAPHQL_RESPONSE in ranges


def _negotiate(request: Request, response: Response) -> None:
    if _accepts_graphql_response(request):
        response.headers["content-type"] = f"{GRAPHQL_RESPONSE}; charset=utf-8"
    else:
        response.headers["content-type"] = f"{JSON}; charset=utf-8"
        if response.status_code == 400:
            response.status_code = 200
    response.headers["vary"] = "accept, authorization"
    response.headers["cache-control"] = "no-store"


def _refusal(request: Request, status: int, message: str, code: str) -> Response:
    body = orjson.dumps({"errors": [{"message": message, "extensions": {"code": code}}]})
    kind = GRAPHQL_RESPONSE if _accepts_graphql_response(request) else JSON
    return Response(body, status, {"cache-control": "no-store"}, media_type=f"{kind}; charset=utf-8")
