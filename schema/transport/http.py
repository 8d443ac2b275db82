"""GraphQL over HTTP and WebSockets, on Strawberry's view.

HTTP follows the GraphQL-over-HTTP specification: `application/graphql-response+json` for clients that accept it, with
400 for a request that was not executed; else `application/json`, always 200 for a well-formed request. WebSockets speak
`graphql-transport-ws` only. Who asks for `text/event-stream` gets any operation's results as server-sent events.
"""

import re
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial

import orjson
from cross_web import AsyncHTTPRequestAdapter
from graphql import GraphQLError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData, process_result
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL, GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types.execution import ExecutionResult, PreExecutionError
from strawberry.types.graphql import OperationType
from strawberry.types.unset import UNSET, UnsetType

from app.accounts.authentication import live
from app.accounts.errors import OtherPage
from app.core.networks import network_of
from schema.context import Context, Ports
from schema.executable import Schema
from schema.extensions.masking import presentable
from schema.transport.events import EventStreams
from schema.transport.failures import masked, retry_after
from schema.transport.identification import Browsers, InvalidToken, identify
from schema.transport.negotiation import EVENT_STREAM, JSON, media_type_for, prefers_events
from schema.transport.requests import Refused, bounded, read_parameters
from schema.transport.sessions import SESSION_ENDED, OpenSessions
from schema.transport.websocket import TextAdapter, TransportHandler, close

INIT_TIMEOUT = timedelta(seconds=10)
MAX_OPERATIONS_PER_SOCKET = 50
INTERNAL_ERROR = 1011
RESTARTING = 1012
"""WebSocket close code "service restart": clients connect again by themselves."""
LOCAL_ORIGIN = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?")


class GraphQLEndpoint(GraphQL[Context, None]):
    """The `/graphql` endpoint."""

    websocket_adapter_class = TextAdapter
    graphql_transport_ws_handler_class = TransportHandler

    def __init__(
        self,
        schema: Schema,
        ports: Ports,
        browsers: Browsers,
        *,
        allowed_origins: tuple[str, ...] = (),
        local_origins: bool = False,
        max_body_bytes: int = 1_048_576,
    ) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL, GRAPHQL_SSE_PROTOCOL),
            connection_init_wait_timeout=INIT_TIMEOUT,
            max_subscriptions_per_connection=MAX_OPERATIONS_PER_SOCKET,
            allowed_origins=allowed_origins,
        )
        self.ports = ports
        self._browsers = browsers
        self._local_origins = local_origins
        self._max_body_bytes = max_body_bytes
        self._sockets: set[WebSocket] = set()
        self.sessions = OpenSessions(lambda asked: live(asked, ports.clock))
        self._streams = EventStreams(self.sessions)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or serve one socket to its end."""
        if scope["type"] == "websocket":
            await self._serve_socket(WebSocket(scope, receive, send))
            return
        try:
            response = await self._answer(Request(scope, bounded(receive, self._max_body_bytes)))
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    # HTTP

    async def _answer(self, request: Request) -> Response:
        """Whatever happens, the answer is JSON in GraphQL's shape, or a stream of it."""
        accept = request.headers.getlist("accept")
        media_type = JSON if prefers_events(accept) else media_type_for(accept)
        try:
            _check(request, media_type)
            response = await self.run(request)
            if media_type == JSON and response.status_code in {400, 429}:
                response.status_code = 200
        except Refused as refused:
            response = _errors(refused.status, GraphQLError(refused.message, extensions={"code": refused.code}))
            response.headers.update(refused.headers)
        except ClientDisconnect:
            raise
        except Exception as error:  # noqa: BLE001 - masked for the client, logged for us
            response = _errors(500, masked(error, _request_id(request)))
        streamed = isinstance(response, StreamingResponse)
        response.headers["content-type"] = f"{EVENT_STREAM if streamed else media_type or JSON}; charset=utf-8"
        response.headers["vary"] = "accept, authorization, cookie"
        response.headers["cache-control"] = "no-store, no-transform" if streamed else "no-store"
        return response

    def should_render_graphql_ide(self, request: object) -> bool:
        """GraphiQL has an address of its own."""
        return False

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> GraphQLRequestData:
        """Read the operation. Raises Refused."""
        data = await read_parameters(request)
        accept = [value for name, value in request.headers.items() if name.lower() == "accept"]
        return replace(data, protocol="sse") if prefers_events(accept) else data

    async def execute_single(
        self,
        request: Request,
        request_adapter: AsyncHTTPRequestAdapter,
        sub_response: Response,
        context: Context,
        root_value: None,
        request_data: GraphQLRequestData,
    ) -> ExecutionResult:
        """Execute a query, or by POST a mutation. Raises Refused for other operations."""
        allowed = {OperationType.QUERY} if request.method == "GET" else {OperationType.QUERY, OperationType.MUTATION}
        try:
            return await self.schema.execute(
                request_data.query,
                variable_values=request_data.variables,
                context_value=context,
                root_value=root_value,
                operation_name=request_data.operation_name,
                allowed_operation_types=allowed,
                operation_extensions=request_data.extensions,
            )
        except InvalidOperationTypeError as error:
            if error.operation_type is OperationType.SUBSCRIPTION:
                message = (
                    f"Send subscriptions over a WebSocket, with the subprotocol {GRAPHQL_TRANSPORT_WS_PROTOCOL}, "
                    f"or with `Accept: {EVENT_STREAM}`."
                )
                raise Refused(400, "SUBSCRIPTION_NEEDS_WEBSOCKET", message) from None
            raise Refused(405, "METHOD_NOT_ALLOWED", "Send mutations by POST.", {"allow": "POST"}) from None
        except CannotGetOperationTypeError as error:
            unknown = GraphQLError(error.as_http_error_reason(), extensions={"code": "OPERATION_RESOLUTION_FAILURE"})
            return PreExecutionError(data=None, errors=[unknown])

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        """Leave `data` out where nothing was executed: only errors of execution have a path.

        What an extension raises, as the cached parser does, never passed `MaskUnexpected`.
        """
        result.errors = [presentable(error, _request_id(request)) for error in result.errors or ()]
        response = process_result(result)
        if result.data is None and not any(error.path for error in result.errors):
            response.pop("data", None)
        return response

    def create_response(
        self, response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse], sub_response: Response
    ) -> Response:
        """Answer 400 where nothing was executed, and 429 where it may be later."""
        content = orjson.dumps(response_data)
        if isinstance(response_data, list) or "data" in response_data:
            return Response(content)
        seconds = retry_after(response_data)
        return Response(content, 429, {"retry-after": str(seconds)}) if seconds else Response(content, 400)

    async def create_streaming_response(
        self,
        request: Request | WebSocket,
        stream: Callable[[], AsyncGenerator[str, None]],  # type: ignore[override]
        sub_response: Response,
        headers: Mapping[str, str],
    ) -> Response:
        """Answer with events, one after another, to the end of the operation or of this process."""
        events = self._streams.forward(stream(), request.state.viewer, _request_id(request))
        return StreamingResponse(events, headers=headers)

    # WebSockets

    async def _serve_socket(self, socket: WebSocket) -> None:
        self._sockets.add(socket)
        try:
            await self.run(socket)
        except Exception as error:  # noqa: BLE001 - logged without what it quotes; the client may try again
            await close(socket, INTERNAL_ERROR, masked(error, _request_id(socket)).message)
        finally:
            self._sockets.discard(socket)

    async def end_subscriptions(self) -> None:
        """End every stream, and close every socket, saying that the server restarts; clients go on with `after`."""
        self._streams.close()
        for socket in list(self._sockets):
            await close(socket, RESTARTING, "Server restarting: connect again and resume with `after`.")

    async def on_ws_connect(self, context: Context) -> UnsetType | dict[str, object] | None:
        """Identify the viewer of a socket; a token that is worth nothing closes it with 4403.

        Without a token it is whoever is signed in by the cookie of the handshake.
        """
        value = (context.connection_params or {}).get("authorization")
        try:
            context.viewer = await identify(value if isinstance(value, str | None) else "", context)
        except (InvalidToken, OtherPage):
            raise ConnectionRejectionError from None
        acknowledgement: UnsetType = UNSET
        return acknowledgement

    def is_websocket_origin_allowed(self, request: WebSocket, origin: str) -> bool:
        """Allow our own pages and what is configured; in development, pages served from this machine too."""
        if origin == self._browsers.origin or super().is_websocket_origin_allowed(request, origin):
            return True
        return self._local_origins and LOCAL_ORIGIN.fullmatch(origin) is not None

    def encode_json(self, data: object) -> bytes:
        """Encode with orjson; the socket's adapter turns it into text."""
        return orjson.dumps(data)

    def decode_json(self, data: str | bytes) -> object:
        """Decode with orjson. Raises json.JSONDecodeError."""
        return orjson.loads(data)

    # Both

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        """Identify the viewer of a request. Raises Refused. A socket is identified by its `connection_init`."""
        network = network_of(request.client.host if request.client else None)
        page, user_agent = request.headers.get("origin"), request.headers.get("user-agent", "")
        by_cookie = partial(self._browsers.page_viewer, request)
        context = Context(
            self.ports,
            _request_id(request),
            network=network,
            user_agent=user_agent,
            page=page,
            viewer_by_cookie=by_cookie,
            opted_out=self._browsers.opted_out(request),
        )
        if isinstance(request, Request):
            try:
                context.viewer = await identify(request.headers.get("authorization"), context)
            except InvalidToken:
                challenge = {"www-authenticate": 'Bearer error="invalid_token"'}
                raise Refused(401, "UNAUTHENTICATED", SESSION_ENDED, challenge) from None
            except OtherPage as refused:
                raise Refused(403, "FORBIDDEN", refused.message) from None
            request.state.viewer = context.viewer
        return context


def _check(request: Request, media_type: str | None) -> None:
    """Raises Refused for a method or an Accept header that can never be answered, before anything is done."""
    if request.method not in {"GET", "POST"}:
        raise Refused(405, "METHOD_NOT_ALLOWED", "Send operations by GET or POST.", {"allow": "GET, POST"})
    if media_type is None:
        raise Refused(406, "NOT_ACCEPTABLE", f"Answers are JSON: accept {JSON}.")


def _errors(status: int, error: GraphQLError) -> Response:
    return Response(orjson.dumps({"errors": [error.formatted]}), status)


def _request_id(request: Request | WebSocket) -> str:
    return str(request.scope.get("state", {}).get("request_id", "-"))
