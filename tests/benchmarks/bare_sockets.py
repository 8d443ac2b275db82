"""The limit over WebSockets: one line to Valkey, and each signal sent to the socket that it is for, without GraphQL.

`python -m tests.benchmarks.bare_sockets`. It speaks as much of graphql-transport-ws as its client needs, trusts
everybody, and answers with the same bytes as we do.
"""

import asyncio
import gc
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import hiredis
import orjson
import uvicorn
from starlette.types import Receive, Scope, Send

from app.core.feed import encode_cursor
from app.integrations.valkey import CHANNEL
from app.main import GC_THRESHOLDS
from schema.relay import parse_global_id

CURSOR, SEQUENCE = encode_cursor(2), 2
READ_BYTES = 65_536


class Sockets:
    """Who follows what."""

    def __init__(self, valkey: str) -> None:
        self.valkey = valkey
        self.followers: dict[str, tuple[Send, str]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a socket, or the health check."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
            await send({"type": "http.response.body"})
        else:
            await self._serve(receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        async with self._listening():
            gc.collect()
            gc.freeze()
            gc.set_threshold(*GC_THRESHOLDS)
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    async def _serve(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept", "subprotocol": "graphql-transport-ws"})
        topic = ""
        while (event := await receive())["type"] == "websocket.receive":
            message = orjson.loads(event["text"])
            if message["type"] == "connection_init":
                await send({"type": "websocket.send", "text": '{"type":"connection_ack"}'})
            elif message["type"] == "subscribe":
                parsed = parse_global_id(message["payload"]["variables"]["id"])
                assert parsed is not None
                topic = str(parsed[1])
                self.followers[topic] = (send, message["id"])
                await send({"type": "websocket.send", "text": _next(message["id"], "SNAPSHOT", 0.0)})
        self.followers.pop(topic, None)

    @asynccontextmanager
    async def _listening(self) -> AsyncGenerator[None, None]:
        reader, writer = await asyncio.open_unix_connection(self.valkey)
        writer.write(b"SUBSCRIBE %b\r\n" % CHANNEL.encode())
        task = asyncio.create_task(self._hand_out(reader))
        yield
        task.cancel()
        writer.close()

    async def _hand_out(self, reader: asyncio.StreamReader) -> None:
        parser = hiredis.Reader()
        while data := await reader.read(READ_BYTES):
            parser.feed(data)
            while (message := parser.gets()) is not False:
                if message[0] == b"message":
                    _, topic, _, progress, _, _ = orjson.loads(message[2])
                    if follower := self.followers.get(topic):
                        send, id = follower
                        await send({"type": "websocket.send", "text": _next(id, "PROGRESS", progress)})


def _next(id: str, type: str, progress: float) -> str:
    event: dict[str, Any] = {
        "cursor": CURSOR,
        "sequence": SEQUENCE,
        "at": datetime.now(UTC),
        "type": type,
        "progress": progress,
        "preview": None,
        "generation": None,
    }
    return orjson.dumps({"id": id, "type": "next", "payload": {"data": {"generationProgress": event}}}).decode()


if __name__ == "__main__":
    uvicorn.run(
        Sockets(os.environ["VALKEY_URL"].removeprefix("unix://")),
        host="127.0.0.1",
        port=int(os.environ["ANYPEOPLE_PORT"]),
        access_log=False,
        log_config=None,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=5,
    )
