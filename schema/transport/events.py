"""Server-sent events: graphql-sse, distinct connections mode. One request is one operation and one stream.

Strawberry writes the events and the heartbeats. What it lacks is here: streams that end when the server or their
session does, and errors that a stranger may read.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import ExitStack, aclosing

import orjson
from graphql import GraphQLError
from strawberry.http.streaming import SSETransport

from app.core.viewer import Viewer
from schema.transport.failures import masked
from schema.transport.sessions import SESSION_ENDED, OpenSessions


class EventStreams:
    """The open streams of one endpoint."""

    def __init__(self, sessions: OpenSessions) -> None:
        self._sessions = sessions
        self._open: set[_Stream] = set()
        self._closed = False

    async def forward(
        self, chunks: AsyncGenerator[str, None], viewer: Viewer | None, request_id: str
    ) -> AsyncGenerator[str, None]:
        """Yield what comes, until it ends, `close` is called, or the viewer's session ends.

        A stream that is cut has no `complete` at its end: that tells the client to come back, with `after`. One whose
        session ended says so, and is complete.
        """
        stream = _Stream(chunks)
        async with aclosing(chunks):
            with ExitStack() as held:
                self._open.add(stream)
                held.callback(self._open.discard, stream)
                if viewer is not None:
                    held.enter_context(self._sessions.held(viewer, stream.expire))
                try:
                    while not (self._closed or stream.over) and (chunk := await stream.next()) is not None:
                        yield chunk
                    if stream.expired:
                        yield _failure(GraphQLError(SESSION_ENDED, extensions={"code": "UNAUTHENTICATED"}), request_id)
                except Exception as error:  # noqa: BLE001 - masked for the client, logged for us
                    yield _failure(error, request_id)

    def close(self) -> None:
        """End all streams; one whose reader is slow ends after what it is sending."""
        self._closed = True
        for stream in self._open:
            stream.cut()


class _Stream:
    """The chunks of one stream, until it is cut."""

    def __init__(self, chunks: AsyncGenerator[str, None]) -> None:
        self._chunks = chunks
        self._awaited: asyncio.Future[str | None] | None = None
        self.over = False
        self.expired = False

    async def next(self) -> str | None:
        """Return None at the end, and where the stream is cut meanwhile."""
        self._awaited = asyncio.ensure_future(anext(self._chunks, None))
        try:
            chunk = await self._awaited
        except asyncio.CancelledError:
            if self.over and self._awaited.cancelled():
                return None
            raise
        return None if self.over else chunk

    def cut(self) -> None:
        """Let nothing through any more; what is being made is cancelled."""
        self.over = True
        if self._awaited is not None:
            self._awaited.cancel()

    def expire(self) -> None:
        """Cut it because its session ended."""
        self.expired = True
        self.cut()


def _failure(error: Exception, request_id: str) -> str:
    transport = SSETransport()
    text = orjson.dumps({"errors": [masked(error, request_id).formatted]}).decode()
    return transport.encode_event("next", text) + transport.encode_complete()
