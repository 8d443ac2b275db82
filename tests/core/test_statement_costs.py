"""What watching and listing cost PostgreSQL, whatever the number of watchers and of things listed."""

import asyncio
from contextlib import aclosing
from uuid import UUID

import pytest

from app.core import feed
from app.core.db import execute, fetch, transaction
from app.core.feed import Signal
from app.integrations import valkey
from schema.relay import parse_global_id
from tests.fakes.server import FOLLOW, RunningServer, receive, send
from tests.fakes.statements import Statements, counted

PAGE = """{ viewer { generations(first: 20) { pageInfo { hasNextPage }
  nodes { id prompt status progress notes engine { name } images { id url }
  rejected { index } failure { code } } } } }"""
BY_THE_CLOCK = ("FROM feeds", "WHERE s.id = ANY")
"""A hub's poll and the look at open sessions, which may fall into any second."""


TABLES = ("INTO feed_entries", "FROM feed_entries", "FROM generations", "FROM generated_images")
"""The event itself, the hub's read, and the generation as it is now with its images."""


def cost(statements: Statements) -> list[str]:
    return [statement for statement in statements.sent if not any(part in statement for part in BY_THE_CLOCK)]


class Watchers:
    """Many subscriptions to one generation, over one socket."""

    def __init__(self, server: RunningServer, token: str, number: int) -> None:
        self.server, self.token, self.number = server, token, number

    async def __aenter__(self) -> "Watchers":
        created = await self.server.create(self.token)
        self.id: str = created["generation"]["id"]
        parsed = parse_global_id(self.id)
        assert parsed is not None
        self.key: UUID = parsed[1]
        [row] = await fetch("SELECT user_id FROM generations WHERE id = $1", self.key)
        self.person_id: UUID = row["user_id"]
        self._opening = self.server.socket(self.token)
        self.socket = await self._opening.__aenter__()
        assert (await receive(self.socket))["type"] == "connection_ack"
        payload = {"query": FOLLOW, "variables": {"id": self.id}}
        for number in range(self.number):
            await send(self.socket, {"id": str(number), "type": "subscribe", "payload": payload})
        await self.all_got("SNAPSHOT")
        await feed.publish_progress(self.person_id, self.key, 0.1)
        await self.all_got("PROGRESS")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._opening.__aexit__(None, None, None)

    async def all_got(self, type: str) -> None:
        waiting = {str(number) for number in range(self.number)}
        while waiting:
            message = await receive(self.socket)
            assert message["type"] == "next", message
            if message["payload"]["data"]["generationProgress"]["type"] == type:
                waiting.discard(message["id"])


async def test_progress_and_previews_cost_no_statement(server: RunningServer) -> None:
    server.queue.work_with(None)
    async with Watchers(server, await server.sign_up(), 10) as watchers:
        with counted() as statements:
            await feed.publish_progress(watchers.person_id, watchers.key, 0.2, "data:image/webp;base64,")
            await watchers.all_got("PREVIEW")
            await feed.publish_progress(watchers.person_id, watchers.key, 0.3)
            await watchers.all_got("PROGRESS")
        assert cost(statements) == []


@pytest.mark.parametrize("number", [1, 50])
async def test_a_state_event_costs_the_same_for_one_watcher_and_for_fifty(server: RunningServer, number: int) -> None:
    server.queue.work_with(None)
    async with Watchers(server, await server.sign_up(), number) as watchers:
        with counted() as statements:
            async with transaction():
                await feed.append(watchers.person_id, watchers.key, "IMAGE_READY", 0.5)
            await watchers.all_got("IMAGE_READY")
            await feed.publish_progress(watchers.person_id, watchers.key, 0.6)
            await watchers.all_got("PROGRESS")

        sent = cost(statements)
        assert len(sent) == len(TABLES), sent
        assert all(any(table in statement for statement in sent) for table in TABLES)


async def test_a_spurious_wake_up_costs_one_statement_for_all_who_are_woken(
    server: RunningServer, valkey_url: str
) -> None:
    server.queue.work_with(None)
    async with (
        aclosing(valkey.connect(valkey_url)) as client,
        Watchers(server, await server.sign_up(), 50) as watchers,
    ):
        with counted() as statements:
            signal = Signal(watchers.person_id, watchers.key, 1)
            await valkey.ValkeySignals(client).publish(signal.encode())
            await feed.publish_progress(watchers.person_id, watchers.key, 0.6)
            await watchers.all_got("PROGRESS")
        assert len(cost(statements)) == 1


async def test_a_page_of_twenty_costs_two_statements_beside_the_session_and_its_person(server: RunningServer) -> None:
    token = await server.sign_up()
    for count in (1, 2, 0):
        for _ in range(7):
            await server.create(token, count=count or 1, prompt="flagged person", engine="faulty")
    async with asyncio.timeout(20):
        await server.queue.settle()

    with counted() as statements:
        answer = await server.data(PAGE, token=token)

    nodes = answer["viewer"]["generations"]["nodes"]
    assert len(nodes) == 20
    assert answer["viewer"]["generations"]["pageInfo"]["hasNextPage"]
    assert {node["status"] for node in nodes} == {"SUCCEEDED", "FAILED"}
    tables = ["sessions", "users", "generations", "generated_images"]
    assert [f" {table}" in sent for table, sent in zip(tables, cost(statements), strict=True)] == [True] * 4


async def test_a_new_page_costs_the_same_when_it_is_empty_of_pictures(server: RunningServer) -> None:
    server.queue.work_with(None)
    token = await server.sign_up()
    with counted() as statements:
        assert (await server.data(PAGE, token=token))["viewer"]["generations"]["nodes"] == []
    assert len(cost(statements)) == 3
    await execute("DELETE FROM sessions")
    assert (await server.post(PAGE, token=token)).status_code == 401
