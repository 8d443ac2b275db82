"""Clients that come and go: `python -m tests.benchmarks.crowd '{"port": …}'`. Ends on SIGTERM, or is killed."""

import asyncio
import random
import signal
import sys
from contextlib import suppress
from typing import Any

import orjson
import uvloop
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from tests.benchmarks.socket_load import QUERY

STAY_SECONDS = (2.0, 90.0)
ARRIVE_SECONDS = 15.0
"""Within which the first of them come."""


async def visitor(given: dict[str, Any], ids: list[str], tokens: list[str], reports: set[str]) -> None:
    """Connect, subscribe, receive and leave, in one of several ways, again and again."""
    await asyncio.sleep(random.random() * ARRIVE_SECONDS)
    while True:
        number = random.randrange(len(ids))
        url = f"ws://127.0.0.1:{given['port']}/graphql"
        try:
            async with connect(
                url, subprotocols=[Subprotocol("graphql-transport-ws")], proxy=None, compression=None, open_timeout=60
            ) as socket:
                await _visit(socket, ids[number], tokens[number])
        except (OSError, WebSocketException, TimeoutError) as error:
            reports.add(f"{type(error).__name__}: {error}"[:200])
            await asyncio.sleep(1)


async def _visit(socket: ClientConnection, id: str, token: str) -> None:
    await _send(socket, {"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}})
    await _send(socket, {"id": "1", "type": "subscribe", "payload": {"query": QUERY, "variables": {"id": id}}})
    with suppress(TimeoutError):
        async with asyncio.timeout(random.uniform(*STAY_SECONDS)):
            while True:
                await socket.recv()
    match random.randrange(4):
        case 0:
            await _send(socket, {"id": "1", "type": "complete"})
            await socket.close()
        case 1:
            await socket.close()
        case 2:
            await _send(socket, {"id": "1", "type": "complete"})
            await _send(socket, {"id": "1", "type": "subscribe", "payload": {"query": QUERY, "variables": {"id": id}}})
            socket.transport.abort()
        case _:
            socket.transport.abort()


async def _send(socket: ClientConnection, message: dict[str, Any]) -> None:
    await socket.send(orjson.dumps(message).decode())


async def main(given: dict[str, Any]) -> None:
    """Be `sockets` visitors until SIGTERM; then close all sockets and say what went wrong meanwhile."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    reports: set[str] = set()
    visitors = [
        asyncio.create_task(visitor(given, given["ids"], given["tokens"], reports)) for _ in range(given["sockets"])
    ]
    await stop.wait()
    for task in visitors:
        task.cancel()
    await asyncio.gather(*visitors, return_exceptions=True)
    print("\n".join(sorted(reports)[:20]), flush=True)


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as file:
        uvloop.run(main(orjson.loads(file.read())))
