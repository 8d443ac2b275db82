"""Server-sent events: graphql-sse, distinct connections mode. One request is one operation and one stream.

Strawberry writes the events and the heartbeats. What it lacks is here: streams that end when the server does, and
errors that a stranger may read.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import orjson
from strawberry.http.streaming import SSETransport

from schema.transport.failures import masked


class EventStreams:
    """The open streams of one endpoint."""

    def __init__(self) -> None:
        self._awaited: set[asyncio.Future[str | None]] = set()
        self._closed = False

    async def forward(self, chunks: AsyncGenerator[str, None], request_id: str) -> AsyncGenerator[str, None]:
        """Yield what comes, until it ends or `close` is called.

        A stream that is cut has no `complete` at its end: that tells the client to come back, with `after`.
        """
        async with aclosing(chunks):
            try:
                while not self._closed and (chunk := await self._next(chunks)) is not None:
                    yield chunk
            except Exception as error:  # noqa: BLE001 - masked for the client, logged for us
                yield _failure(error, request_id)

    async def _next(self, chunks: AsyncGenerator[str, None]) -> str | None:
        """Return None at the end, and where `close` was called meanwhile."""
        awaited = asyncio.ensure_future(anext(chunks, None))
        self._awaited.add(awaited)
        try:
            return await awaited
        except asyncio.CancelledError:
            if self._closed and awaited.cancelled():
                return None
            raise
        finally:
            self._awaited.discard(awaited)

    def close(self) -> None:
        """End all streams; one whose reader is slow ends after what it is sending."""
        self._closed = True
        for awaited in self._awaited:
            awaited.cancel()


def _failure(error: Exception, request_id: str) -> str:
    transport = SSETransport()
    text = orjson.dumps({"errors": [masked(error, request_id).formatted]}).decode()
    return transport.encode_event("next", text) + transport.encode_complete()
