"""GraphQL over WebSockets: who is let in, and how sockets end."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin, Subprotocol

from app.core.db import execute
from tests.fakes.server import FOLLOW, RunningServer, hub_of, receive, send

APP = "https://app.example"
TYPENAME = {"type": "subscribe", "id": "q", "payload": {"query": "{ __typename }"}}


@pytest.fixture
def environment(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A service with one front end."""
    monkeypatch.setenv("ANYPEOPLE_ALLOWED_ORIGINS", APP)
    return environment


def raw(
    server: RunningServer, protocols: Sequence[str] = ("graphql-transport-ws",), origin: str | None = None
) -> AbstractAsyncContextManager[ClientConnection]:
    """Connect without a word of the protocol."""
    return connect(
        server.address.replace("http", "ws") + "/graphql",
        subprotocols=[Subprotocol(name) for name in protocols] or None,
        origin=Origin(origin) if origin else None,
        proxy=None,
    )


async def closing(socket: ClientConnection) -> tuple[int | None, str | None]:
    """Wait until the server closes; return its code and reason."""
    async with asyncio.timeout(30):
        await socket.wait_closed()
    return socket.close_code, socket.close_reason


async def acknowledged(socket: ClientConnection) -> ClientConnection:
    """Read over the server's `connection_ack`."""
    assert (await receive(socket))["type"] == "connection_ack"
    return socket


def subscribe(id: str, operation: str = "1", after: str | None = None) -> dict[str, Any]:
    return {"type": "subscribe", "id": operation, "payload": {"query": FOLLOW, "variables": {"id": id, "after": after}}}


async def subscribers(server: RunningServer, wanted: int) -> None:
    """Wait until the hub has so many subscribers."""
    async with asyncio.timeout(30):
        while True:
            if hub_of(server).subscriber_count == wanted:
                return
            await asyncio.sleep(0.005)


async def test_frames_are_text(server: RunningServer) -> None:
    async with server.socket() as socket:
        await send(socket, TYPENAME)
        frames = [await socket.recv() for _ in range(3)]

    assert all(isinstance(frame, str) for frame in frames)
    assert str(frames[1]).startswith('{"id":"q","type":"next","payload":{"data":{"__typename":"Query"},"extensions":')


async def test_only_graphql_transport_ws_is_spoken(server: RunningServer) -> None:
    async with raw(server, ["graphql-ws", "graphql-transport-ws"]) as socket:
        assert socket.subprotocol == "graphql-transport-ws"
    for refused in (["graphql-ws"], []):
        async with raw(server, refused) as socket:
            assert socket.subprotocol is None
            assert (await closing(socket))[0] == 4406


@pytest.mark.parametrize("origin", [None, APP, "http://localhost:5173", "http://[::1]"])
async def test_programs_and_known_pages_connect(server: RunningServer, origin: str | None) -> None:
    async with raw(server, origin=origin) as socket:
        await send(socket, {"type": "connection_init"})
        await acknowledged(socket)


@pytest.mark.parametrize("origin", ["https://evil.example", "https://app.example.evil.example", "null"])
async def test_foreign_pages_are_refused(server: RunningServer, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with raw(server, origin=origin):
            pass
    assert refused.value.response.status_code == 403


async def test_a_token_that_is_worth_nothing_closes_the_socket(server: RunningServer) -> None:
    expired = await server.sign_up()
    await execute("UPDATE sessions SET expires_at = now() - interval '1 second'")
    for token in ("nonsense", expired):
        async with server.socket(token) as socket:
            assert await closing(socket) == (4403, "Forbidden")


async def test_nobody_may_not_subscribe(server: RunningServer) -> None:
    async with server.socket() as socket:
        await acknowledged(socket)
        await send(socket, subscribe("R2VuZXJhdGlvbjox"))
        message = await receive(socket)

    assert (message["type"], message["id"]) == ("error", "1")
    assert [error["extensions"]["code"] for error in message["payload"]] == ["FORBIDDEN"]


async def test_complete_frees_the_subscription_and_its_id(server: RunningServer) -> None:
    server.queue.work_with(None)
    token = await server.sign_up()
    id = (await server.create(token))["generation"]["id"]
    async with server.socket(token) as socket:
        await acknowledged(socket)
        for _ in range(2):
            await send(socket, subscribe(id))
            assert (await receive(socket))["payload"]["data"]["generationProgress"]["type"] == "SNAPSHOT"
            await subscribers(server, 1)
            await send(socket, {"type": "complete", "id": "1"})
            await subscribers(server, 0)


async def test_a_client_that_vanishes_frees_its_subscriptions(server: RunningServer) -> None:
    server.queue.work_with(None)
    token = await server.sign_up()
    id = (await server.create(token))["generation"]["id"]
    async with server.socket(token) as socket:
        await acknowledged(socket)
        await send(socket, subscribe(id, "1"))
        await send(socket, subscribe(id, "2"))
        await subscribers(server, 2)
        socket.transport.abort()
        await subscribers(server, 0)


async def test_a_second_operation_of_the_same_id_closes_the_socket(server: RunningServer) -> None:
    server.queue.work_with(None)
    token = await server.sign_up()
    id = (await server.create(token))["generation"]["id"]
    async with server.socket(token) as socket:
        await send(socket, subscribe(id))
        await send(socket, subscribe(id))
        assert await closing(socket) == (4409, "Subscriber for 1 already exists")
    await subscribers(server, 0)


@pytest.mark.parametrize(
    "frame",
    [
        "{",
        b"\x00",
        "5",
        "[]",
        "{}",
        '{"type": 1}',
        '{"type": "start"}',
        '{"type": "complete"}',
        '{"type": "subscribe", "id": [], "payload": {"query": "{ __typename }"}}',
        '{"type": "subscribe", "id": "1"}',
        '{"type": "subscribe", "id": "1", "payload": []}',
        '{"type": "subscribe", "id": "1", "payload": {"query": ""}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ __typename }", "variables": []}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ __typename }", "operationName": 1}}',
    ],
)
async def test_what_is_no_message_closes_the_socket(server: RunningServer, frame: str | bytes) -> None:
    async with server.socket() as socket:
        await acknowledged(socket)
        await socket.send(frame)
        assert (await closing(socket))[0] == 4400


async def test_the_handshake_comes_first_and_once(server: RunningServer) -> None:
    async with raw(server) as early:
        await send(early, TYPENAME)
        assert (await closing(early))[0] == 4401
    async with server.socket() as twice:
        await send(twice, {"type": "connection_init"})
        assert (await closing(twice))[0] == 4429


async def test_a_broken_document_is_an_error_and_leaves_the_socket_alone(server: RunningServer) -> None:
    broken = ("{ " + "x" * 300 + " ]", "{ nobody }", "query A { __typename } query B { __typename }")
    async with server.socket() as socket:
        await acknowledged(socket)
        for query in broken:
            payload = {"query": query, "operationName": "C" if query.startswith("query") else None}
            await send(socket, {"type": "subscribe", "id": "1", "payload": payload})
            message = await receive(socket)
            assert message["type"] == "error", message
            assert message["payload"][0]["extensions"]["code"]
        await send(socket, TYPENAME)
        assert (await receive(socket))["payload"]["data"] == {"__typename": "Query"}


async def test_an_unexpected_exception_is_masked(server: RunningServer) -> None:
    token = await server.sign_up()
    id = (await server.create(token))["generation"]["id"]
    await server.queue.settle()
    async with server.socket(token) as socket:
        await acknowledged(socket)
        await execute("ALTER TABLE feed_entries RENAME TO hidden")
        await send(socket, subscribe(id))
        message = await receive(socket)
        [error] = message["payload"]["errors"]
        assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
        assert "feed_entries" not in str(message)
    await execute("DROP TABLE sessions CASCADE")
    async with server.socket(token) as socket:
        assert (await closing(socket))[0] == 1011


async def test_a_server_that_stops_says_that_it_restarts(server: RunningServer) -> None:
    server.queue.work_with(None)
    token = await server.sign_up()
    id = (await server.create(token))["generation"]["id"]
    async with server.socket(token) as socket:
        await acknowledged(socket)
        await send(socket, subscribe(id))
        await subscribers(server, 1)
        server.stop()
        code, reason = await closing(socket)

    assert code == 1012
    assert reason == "Server restarting: connect again and resume with `after`."
