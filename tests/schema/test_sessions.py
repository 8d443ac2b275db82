"""Sockets and streams end with the session that they rest on, whoever ended it and however."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import httpx
import orjson
import pytest
from structlog.testing import capture_logs
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from app.core.db import execute, fetch
from app.core.viewer import Role, Viewer
from schema.relay import global_id
from schema.transport.sessions import SESSION_ENDED, SWEEP_INTERVAL, OpenSessions
from tests.fakes.server import FOLLOW, Json, RunningServer, endpoint_of, hub_of, receive, send
from tests.fakes.statements import counted
from tests.fakes.waiting import until
from tests.schema.test_events import Event, arriving, opened
from tests.schema.test_websocket import TYPENAME, acknowledged, closing, subscribe, subscribers

SIGN_OUT = (
    "mutation ($everywhere: Boolean!) { signOut(input: {everywhere: $everywhere}) { signedOut errors { message } } }"
)
CANCEL = "mutation ($id: ID!) { cancelGeneration(input: {id: $id}) { generation { status } } }"
SIGN_IN = """mutation { signIn(input: {email: "ada@example.com", password: "correct horse battery"}) { token } }"""
SWEEP = "WHERE s.id = ANY"
ENDINGS = {
    "revoked": "DELETE FROM sessions",
    "expired": "UPDATE sessions SET expires_at = now() - interval '1 second'",
    # Not an erasure, which keeps what is append only under an alias that leads to nobody.
    "deleted": "DO $$ BEGIN SET LOCAL session_replication_role = replica; TRUNCATE users CASCADE; END $$",
    "suspended": "UPDATE users SET status = 'SUSPENDED'",
}


@asynccontextmanager
async def following(server: RunningServer, token: str) -> AsyncIterator[ClientConnection]:
    """A socket that follows a generation which nobody works on, and has its SNAPSHOT."""
    server.queue.work_with(None)
    id = (await server.create(token))["generation"]["id"]
    before = hub_of(server).subscriber_count
    async with server.socket(token) as socket:
        await acknowledged(socket)
        await send(socket, subscribe(id))
        await receive(socket)
        await subscribers(server, before + 1)
        yield socket


@pytest.mark.parametrize("ending", ENDINGS)
async def test_a_session_that_ends_closes_its_socket_within_five_seconds(server: RunningServer, ending: str) -> None:
    assert SWEEP_INTERVAL <= 2.5  # a look begins then; how long a busy machine takes for it is not asked here
    async with following(server, await server.sign_up()) as socket:
        await execute(ENDINGS[ending])
        async with asyncio.timeout(20):
            assert await closing(socket) == (4403, SESSION_ENDED)
        await subscribers(server, 0)


@pytest.mark.parametrize("everywhere", [False, True])
async def test_sign_out_ends_what_it_says_and_nothing_else(server: RunningServer, everywhere: bool) -> None:
    first, eve = await server.sign_up("ada"), await server.sign_up("eve")
    second = (await server.data(SIGN_IN))["signIn"]["token"]
    async with (
        following(server, first) as one,
        following(server, first) as two,
        following(server, second) as other,
        following(server, eve) as stranger,
        server.socket() as anonymous,
    ):
        await server.data(SIGN_OUT, {"everywhere": everywhere}, first)
        await endpoint_of(server).sessions.sweep()

        ended = (one, two, other) if everywhere else (one, two)
        assert [await closing(socket) for socket in ended] == [(4403, SESSION_ENDED)] * len(ended)
        await subscribers(server, 4 - len(ended))
        for socket in {other, stranger, anonymous} - set(ended):
            await send(socket, TYPENAME)
            while (message := await receive(socket)).get("id") != "q":
                pass
            assert message["payload"]["data"] == {"__typename": "Query"}


async def test_nothing_is_delivered_and_nothing_done_after_the_end(server: RunningServer) -> None:
    async with following(server, await server.sign_up()) as socket:
        [row] = await fetch("SELECT id FROM generations")
        cancel = {"query": CANCEL, "variables": {"id": global_id("Generation", row["id"])}}
        await execute("DELETE FROM sessions")
        await endpoint_of(server).sessions.sweep()
        # As a client does that has not heard yet.
        await socket.send(orjson.dumps({"type": "subscribe", "id": "2", "payload": cancel}).decode())
        with pytest.raises(ConnectionClosed, match="4403"):
            await receive(socket)
    assert (await fetch("SELECT status FROM generations")) == [{"status": "QUEUED"}]


async def test_one_statement_asks_for_all_that_is_open_and_none_where_nothing_is(server: RunningServer) -> None:
    tokens = [await server.sign_up(name) for name in ("ada", "eve")]
    with counted() as statements:
        await endpoint_of(server).sessions.sweep()
        assert statements.about(SWEEP) == []
    async with following(server, tokens[0]), following(server, tokens[0]), following(server, tokens[1]):
        for _ in range(2):
            with counted() as statements:
                await endpoint_of(server).sessions.sweep()
            # One by the clock may fall between: it is of another call.
            assert 1 <= len(statements.about(SWEEP)) <= 2
            assert len(statements.about(SWEEP)) == len(statements.about("session"))


async def test_a_stream_of_events_says_why_it_ends(server: RunningServer) -> None:
    server.queue.work_with(None)
    token = await server.sign_up()
    id = (await server.create(token))["generation"]["id"]

    async def read(answer: httpx.Response) -> list[Event]:
        return [event async for event in arriving(answer)]

    async with asyncio.timeout(30), opened(server, token, query=FOLLOW, variables={"id": id}) as answer:
        reading = asyncio.create_task(read(answer))
        await subscribers(server, 1)
        await execute("DELETE FROM sessions")
        events = await reading

    names = [event.name for event in events if event.name]
    assert names == ["next", "next", "complete"]
    [error] = [event.data for event in events if event.name == "next"][-1]["errors"]
    assert error == {"message": SESSION_ENDED, "extensions": {"code": "UNAUTHENTICATED"}}
    await subscribers(server, 0)


async def test_a_database_that_is_away_ends_nothing_and_is_asked_again(server: RunningServer) -> None:
    async with following(server, await server.sign_up()) as socket:
        await execute("ALTER TABLE sessions RENAME TO hidden")
        with capture_logs() as lines:

            async def logged() -> bool:
                return any(line["event"] == "sessions.sweep_failed" for line in lines)

            await until(logged)
        await send(socket, TYPENAME)
        while (message := await receive(socket)).get("id") != "q":
            pass
        assert message["type"] == "next"
        await execute("ALTER TABLE hidden RENAME TO sessions")
        await execute("DELETE FROM sessions")
        async with asyncio.timeout(20):
            assert (await closing(socket))[0] == 4403


async def test_what_is_over_is_forgotten() -> None:
    asked: list[Json] = []

    async def none(of: Collection[UUID]) -> dict[UUID, Role]:
        asked.append({"of": len(of)})
        return {}

    sessions, ended, viewer = OpenSessions(none), [], Viewer(uuid4(), uuid4(), Role.USER)
    with sessions.held(viewer, lambda: ended.append("first")), sessions.held(viewer, lambda: ended.append("second")):
        await sessions.sweep()
        await sessions.sweep()
    await sessions.sweep()

    assert sorted(ended) == ["first", "second"]
    assert asked == [{"of": 1}]
