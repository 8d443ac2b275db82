"""What differs from Strawberry's WebSockets: frames are text, no message of a client is taken on trust, and a socket
ends with the session that it rests on.
"""

import asyncio
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from typing import Any, cast

from graphql import GraphQLError
from starlette.websockets import WebSocket, WebSocketDisconnect
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.schema.schema import StreamResult
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler, Operation
from strawberry.subscriptions.protocols.graphql_transport_ws.types import ConnectionInitMessage

from schema.context import Context
from schema.transport.failures import masked
from schema.transport.sessions import SESSION_ENDED, OpenSessions

FORBIDDEN = 4403
"""WebSocket close code of graphql-transport-ws: the token is worth nothing, or no longer."""
CLOSE_TIMEOUT = 2
"""Seconds that a client which reads nothing is waited for before it gets no close frame."""
MAX_REASON_BYTES = 123
"""RFC 6455: a close frame with a longer reason cannot be sent."""


class TextAdapter(ASGIWebSocketAdapter):
    """Sends what the view encodes as text frames; a socket that is gone ends its handler quietly."""

    async def send_json(self, message: Mapping[str, object]) -> None:
        """Raises WebSocketDisconnected."""
        encoded = self.view.encode_json(message)
        try:
            await self.ws.send_text(encoded if isinstance(encoded, str) else encoded.decode())
        except (WebSocketDisconnect, RuntimeError) as error:
            raise WebSocketDisconnected from error

    async def close(self, code: int, reason: str) -> None:
        """Close, unless the client was faster."""
        await close(self.ws, code, reason)


class TransportHandler(BaseGraphQLTransportWSHandler[Context, None]):
    """Closes with 4400 for what is no message of graphql-transport-ws, and with 4403 when the session ends."""

    view: Any  # the endpoint, which has the `sessions`
    _expired = False

    async def handle(self) -> None:
        """Serve the socket until it closes or its session ends: then what runs of it is cancelled."""
        self._serving = cast("asyncio.Task[None]", asyncio.current_task())
        with ExitStack() as self._until:
            try:
                await super().handle()
            except asyncio.CancelledError:
                if not self._expired or self._serving.uncancel() > 0:
                    raise
                with suppress(TimeoutError):
                    async with asyncio.timeout(CLOSE_TIMEOUT):
                        await self.websocket.close(FORBIDDEN, SESSION_ENDED)

    async def handle_connection_init(self, message: ConnectionInitMessage) -> None:
        """From here on the socket rests on the session of whoever signed in."""
        await super().handle_connection_init(message)
        if self.connection_acknowledged and self.context.viewer is not None:
            sessions: OpenSessions = self.view.sessions
            self._until.enter_context(sessions.held(self.context.viewer, self._expire))

    def _expire(self) -> None:
        self._expired = True
        self._serving.cancel()

    async def handle_message(self, message: Any) -> None:
        """Look at the message's form first: what is not known here must not fail somewhere inside."""
        if fault := fault_of(message):
            await self.handle_invalid_message(fault)
            return
        if message["type"] == "connection_init" and message.get("payload") is None:
            message["payload"] = {}
        await super().handle_message(message)

    async def _send_result_stream(self, operation: Operation[Context, None], result_source: StreamResult) -> None:
        """Answer with an `error` too where preparing the operation raises, as Strawberry's cached parser does."""
        try:
            await super()._send_result_stream(operation, result_source)
        except WebSocketDisconnected:
            raise
        except Exception as error:  # noqa: BLE001 - masked for the client, logged for us
            await operation.send_initial_errors([masked(error, self.context.request_id)])

    async def handle_task_exception(self, error: Exception) -> None:
        """Log in one line; a client that left is nothing to log."""
        if not isinstance(error, WebSocketDisconnected):
            masked(error, self.context.request_id)

    @staticmethod
    def _get_pre_execution_close_reason(_error: GraphQLError) -> str | None:
        """Answer a document that cannot be read with an `error`: the socket's other operations go on."""
        return None


async def close(socket: WebSocket, code: int, reason: str) -> None:
    """Close a socket, unless it is closed already."""
    with suppress(WebSocketDisconnect, RuntimeError):
        await socket.close(code, reason.encode()[:MAX_REASON_BYTES].decode(errors="ignore"))


def fault_of(message: object) -> str | None:
    """Return what is wrong with the form of a client's message."""
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return "A message is an object with a `type`."
    if message["type"] not in {"subscribe", "complete"}:
        return None
    if not isinstance(message.get("id"), str) or not message["id"]:
        return "`id` must be a string, and not empty."
    if message["type"] == "complete":
        return None
    payload = message.get("payload")
    if not isinstance(payload, dict) or not isinstance(payload.get("query"), str) or not payload["query"]:
        return "`payload.query` must be a string, and not empty."
    if not isinstance(payload.get("variables"), dict | None):
        return "`payload.variables` must be an object or null."
    if not isinstance(payload.get("operationName"), str | None):
        return "`payload.operationName` must be a string or null."
    return None
