"""A client that does not read: it costs a bounded amount of memory, loses no state, and keeps nobody else waiting."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast
from uuid import UUID

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from app.core import feed
from app.core.db import execute, fetch, transaction
from schema.relay import parse_global_id
from tests.fakes.server import Json, RunningServer, authorization, endpoint_of, hub_of, receive, send
from tests.fakes.waiting import until
from tests.schema.test_websocket import acknowledged, subscribe, subscribers

SMALL = 4096
"""Bytes of a socket's buffers; the kernel doubles them."""
PREVIEW = "x" * feed.MAX_PREVIEW_BYTES
STATES = 10
SIGNALS_PER_STATE = 30
SERVER_BUFFER = 128 * 1024
"""Bytes that uvicorn may hold for one socket: the transport's high-water mark (64 KiB) and what one event adds."""


@asynccontextmanager
async def unread(server: RunningServer, token: str) -> AsyncIterator[ClientConnection]:
    """A socket of a client that reads only what it is asked for, with small buffers at both ends."""
    listener = server.server.servers[0].sockets[0]
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL)  # of what it accepts from now on
    address = listener.getsockname()
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
    raw.setblocking(False)
    await asyncio.get_running_loop().sock_connect(raw, address)
    protocols = [Subprotocol("graphql-transport-ws")]
    url = f"ws://{address[0]}:{address[1]}/graphql"
    async with connect(url, sock=raw, subprotocols=protocols, max_queue=1, ping_interval=None) as client:
        await send(client, {"type": "connection_init", "payload": authorization(token)})
        yield await acknowledged(client)


async def events_to(client: ClientConnection, type: str) -> list[Json]:
    """Return the events up to one of a type."""
    seen: list[Json] = []
    while not seen or seen[-1]["type"] != type:
        seen.append((await receive(client))["payload"]["data"]["generationProgress"])
    return seen


def held_bytes(server: RunningServer) -> int:
    """Return the most that the server holds for any of its sockets."""
    sockets = [one for one in server.server.server_state.connections if isinstance(one, WebSocketsSansIOProtocol)]
    return max(one.transport.get_write_buffer_size() for one in sockets)


async def test_a_reader_that_stops_costs_little_loses_no_state_and_holds_up_nobody(server: RunningServer) -> None:
    server.queue.work_with(None)
    token = await server.sign_up()
    id = (await server.create(token))["generation"]["id"]
    key = cast(tuple[str, UUID], parse_global_id(id))[1]
    [row] = await fetch("SELECT user_id FROM generations")
    person, held, waiting = row["user_id"], 0, 0
    async with server.socket(token) as quick, unread(server, token) as slow:
        for client in (slow, await acknowledged(quick)):
            await send(client, subscribe(id))
        await events_to(slow, "SNAPSHOT")
        await subscribers(server, 2)
        for number in range(STATES):
            for step in range(SIGNALS_PER_STATE):
                await feed.publish_progress(person, key, (number + step / SIGNALS_PER_STATE) / STATES, PREVIEW)
            async with transaction():
                await feed.append(person, key, "IMAGE_READY", (number + 1) / STATES)
            assert (await events_to(quick, "IMAGE_READY"))[-1]["progress"] == (number + 1) / STATES
            held = max(held, held_bytes(server))
            waiting = max(waiting, *(len(one.waiting) for one in hub_of(server)._subscribers[key]))
        async with transaction():
            await feed.append(person, key, "FAILED", 1.0)
        await events_to(quick, "FAILED")

        late = await events_to(slow, "FAILED")
        assert (await receive(slow))["type"] == "complete"

    sequences = [event["sequence"] for event in late if event["type"] not in {"PROGRESS", "PREVIEW"}]
    assert sequences == list(range(2, STATES + 3))
    conflated = [event for event in late if event["type"] in {"PROGRESS", "PREVIEW"}]
    assert 0 < len(conflated) < STATES * SIGNALS_PER_STATE / 4
    assert [event["progress"] for event in late] == sorted(event["progress"] for event in late)
    assert 0 < held < SERVER_BUFFER
    assert waiting <= 1


async def test_a_reader_that_stops_cannot_keep_what_its_session_had_open(server: RunningServer) -> None:
    server.queue.work_with(None)
    token = await server.sign_up()
    id = (await server.create(token))["generation"]["id"]
    key = cast(tuple[str, UUID], parse_global_id(id))[1]
    [row] = await fetch("SELECT user_id FROM generations")
    async with unread(server, token) as slow:
        await send(slow, subscribe(id))
        await events_to(slow, "SNAPSHOT")

        async def stuck() -> bool:
            await feed.publish_progress(row["user_id"], key, 0.5, PREVIEW)
            return any(one.waiting for one in hub_of(server)._subscribers[key]) and held_bytes(server) > 0

        await until(stuck)
        await execute("DELETE FROM sessions")
        await endpoint_of(server).sessions.sweep()
        await subscribers(server, 0)

        async def given_up() -> bool:
            return not endpoint_of(server)._sockets

        await until(given_up)
        slow.transport.abort()
