"""Notices over the API: posted once, listed, followed, dismissed."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from app.accounts.staff import promote
from app.core.viewer import Role
from tests.fakes.server import Json, RunningServer, receive, send
from tests.fakes.shelf import Shelf
from tests.fakes.statements import counted
from tests.policy.test_api import PUBLISH, VERSION, said

NOTICES = """query ($after: String) { viewer { notices(first: 1, after: $after) {
  nodes { id cursor dismissedAt policy { version summary changes { type } } }
  pageInfo { hasNextPage endCursor } } } }"""
DISMISS = """mutation ($id: ID!) { dismissNotice(input: {id: $id}) {
  notice { id dismissedAt } errors { code path } } }"""
FOLLOW = "subscription ($after: String) { noticePosted(after: $after) { id cursor policy { version } } }"
PICTURES = "subscription { generationEvents { type } }"


@pytest.fixture
async def ada(server: RunningServer) -> str:
    return await server.sign_up("ada")


@pytest.fixture
async def officer(server: RunningServer, shelf: Shelf) -> str:
    for version in (VERSION, "2031-02-01"):
        shelf.ship(version, f"Of {version}.")
    token = await server.sign_up("officer")
    await promote("officer@example.com", Role.PRIVACY_OFFICER)
    return token


async def publish(server: RunningServer, officer: str, version: str = VERSION, days: int = 31) -> None:
    effective = (datetime.now(UTC) + timedelta(days=days)).isoformat()
    wish = said(version=version, material=True, effectiveAt=effective, idempotencyKey=version)
    assert (await server.data(PUBLISH, wish, officer))["publishPolicy"]["errors"] == []
    await server.queue.settle()


async def notices(server: RunningServer, token: str, after: str | None = None) -> Json:
    page: Json = (await server.data(NOTICES, {"after": after}, token))["viewer"]["notices"]
    return page


@asynccontextmanager
async def following(
    server: RunningServer, token: str, query: str = FOLLOW, after: str | None = None
) -> AsyncGenerator[AsyncGenerator[Json, None], None]:
    """Subscribe; yields the events."""
    async with server.socket(token) as socket:
        assert (await receive(socket))["type"] == "connection_ack"
        await send(socket, {"id": "1", "type": "subscribe", "payload": {"query": query, "variables": {"after": after}}})

        async def events() -> AsyncGenerator[Json, None]:
            while True:
                message = await receive(socket)
                assert message["type"] == "next", message
                yield message["payload"]["data"]

        yield events()


async def test_a_material_change_is_listed_until_and_after_it_is_dismissed(
    server: RunningServer, ada: str, officer: str
) -> None:
    await publish(server, officer)
    await publish(server, officer, "2031-02-01", 40)

    newest = await notices(server, ada)
    older = await notices(server, ada, newest["pageInfo"]["endCursor"])
    assert [page["nodes"][0]["policy"]["version"] for page in (newest, older)] == ["2031-02-01", VERSION]
    assert [page["pageInfo"]["hasNextPage"] for page in (newest, older)] == [True, False]

    dismissed = [(await server.data(DISMISS, {"id": newest["nodes"][0]["id"]}, ada))["dismissNotice"] for _ in range(2)]
    assert dismissed[0] == dismissed[1]
    assert dismissed[0]["notice"]["dismissedAt"] is not None
    assert (await notices(server, ada))["nodes"][0]["dismissedAt"] is not None
    assert (await notices(server, officer))["nodes"][0]["dismissedAt"] is None


async def test_a_page_costs_the_same_whatever_is_on_it(server: RunningServer, ada: str, officer: str) -> None:
    query = NOTICES.replace("first: 1", "first: 100")
    await publish(server, officer)
    with counted() as one:
        await server.data(query, None, ada)
    await publish(server, officer, "2031-02-01", 40)
    with counted() as two:
        found = (await server.data(query, None, ada))["viewer"]["notices"]["nodes"]

    assert len(found) == 2
    assert len(one) == len(two) <= 6, two.sent


async def test_somebody_elses_notice_is_not_there(server: RunningServer, ada: str, officer: str) -> None:
    await publish(server, officer)
    own = (await notices(server, ada))["nodes"][0]["id"]

    for id in (own, "nonsense"):
        payload = (await server.data(DISMISS, {"id": id}, officer))["dismissNotice"]
        assert payload == {"notice": None, "errors": [{"code": "NOT_FOUND", "path": ["id"]}]}
    assert (await server.data("query ($id: ID!) { node(id: $id) { id } }", {"id": own}, officer))["node"] is None
    assert (await server.data("query ($id: ID!) { node(id: $id) { id } }", {"id": own}, ada))["node"] == {"id": own}


async def test_whoever_follows_is_told_and_can_come_back(server: RunningServer, ada: str, officer: str) -> None:
    async with following(server, ada) as events, following(server, ada, PICTURES) as pictures:
        await server.create(ada)
        await server.queue.settle()
        await publish(server, officer)
        told = (await anext(events))["noticePosted"]
        await server.create(ada)
        await server.queue.settle()
        types: list[str] = []
        while types.count("SUCCEEDED") < 2:  # what nobody reads keeps a socket from closing
            types.append((await anext(pictures))["generationEvents"]["type"])

    assert told["policy"] == {"version": VERSION}
    assert told["cursor"] == (await notices(server, ada))["nodes"][0]["cursor"]
    assert "NOTICE_POSTED" not in types

    await publish(server, officer, "2031-02-01", 40)
    async with following(server, ada, after=told["cursor"]) as events:
        assert (await anext(events))["noticePosted"]["policy"] == {"version": "2031-02-01"}


async def test_a_cursor_of_somebody_else_is_none(server: RunningServer, ada: str, officer: str) -> None:
    await publish(server, officer)
    async with server.socket(ada) as socket:
        await receive(socket)
        variables = {"after": "ZmVlZDo5OTk"}
        await send(socket, {"id": "1", "type": "subscribe", "payload": {"query": FOLLOW, "variables": variables}})
        message = await receive(socket)

    errors = message["payload"] if message["type"] == "error" else message["payload"]["errors"]
    assert errors[0]["extensions"]["code"] == "NOT_FOUND"
