"""All of a person's generations in one subscription, and the queue as a person sees it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from app.core.db import execute, fetch
from tests.fakes.server import Json, RunningServer, receive, send
from tests.schema.test_websocket import subscribers

EVENTS = """subscription ($after: String) { generationEvents(after: $after) {
  cursor sequence type progress generation { id prompt } } }"""
QUEUE = """query { viewer { generations(first: 10) { nodes { prompt status queuePosition estimatedFinishAt } } } }"""
QUOTE = """query ($input: GenerationInput!) { quoteGeneration(input: $input) {
  eligible queuePosition estimatedSeconds engine { name } errors { __typename path } } }"""


async def events(server: RunningServer, token: str, after: str | None = None) -> AsyncGenerator[Json, None]:
    """Yield what happens to a person's generations; the subscription stands before the first is asked for."""
    async with server.socket(token) as socket:
        assert (await receive(socket))["type"] == "connection_ack"
        await send(
            socket, {"id": "1", "type": "subscribe", "payload": {"query": EVENTS, "variables": {"after": after}}}
        )
        while True:
            message = await receive(socket)
            assert message["type"] == "next", message
            yield message["payload"]


async def state_events(server: RunningServer, token: str, count: int, after: str | None = None) -> list[Json]:
    """Return so many state events."""
    seen: list[Json] = []
    async with aclosing(events(server, token, after)) as payloads:
        async for payload in payloads:
            event = payload["data"]["generationEvents"]
            if event["type"] not in {"PROGRESS", "PREVIEW"}:
                seen.append(event)
            if len(seen) == count:
                return seen
    return seen


async def test_one_subscription_follows_all_generations_and_resumes(server: RunningServer) -> None:
    ada, eve = await server.sign_up("ada"), await server.sign_up("eve")
    watching = asyncio.create_task(state_events(server, ada, 8))
    await subscribers(server, 1)

    await server.create(ada, prompt="first")
    await server.create(eve, prompt="not hers")
    await server.create(ada, prompt="second")
    seen = await asyncio.wait_for(watching, 20)

    rows = await fetch(
        """SELECT sequence, type FROM feed_entries JOIN users ON users.id = person_id
           WHERE email = 'ada@example.com' ORDER BY sequence"""
    )
    assert [(event["sequence"], event["type"]) for event in seen] == [(row["sequence"], row["type"]) for row in rows]
    assert {event["generation"]["prompt"] for event in seen} == {"first", "second"}
    rest = await state_events(server, ada, 5, after=seen[2]["cursor"])
    assert [event["sequence"] for event in rest] == [event["sequence"] for event in seen[3:]]


async def test_a_cursor_of_somebody_else_is_not_found(server: RunningServer) -> None:
    ada, eve = await server.sign_up("ada"), await server.sign_up("eve")
    id = (await server.create(ada))["generation"]["id"]
    cursor = (await server.follow(ada, id))[-1]["cursor"]

    async with aclosing(events(server, eve, after=cursor)) as payloads:
        [error] = (await anext(payloads))["errors"]

    assert error["extensions"]["code"] == "NOT_FOUND"


async def test_the_place_in_the_queue_and_the_forecast_follow_what_is_before(server: RunningServer) -> None:
    server.queue.work_with(None)
    ada, eve = await server.sign_up("ada"), await server.sign_up("eve")
    await server.create(ada, prompt="before", count=4)
    await server.create(eve, prompt="mine", count=2)
    await server.create(eve, prompt="later", count=2)

    nodes = (await server.data(QUEUE, token=eve))["viewer"]["generations"]["nodes"]
    quote = (await server.data(QUOTE, {"input": {"prompt": "x", "width": 64, "height": 64}}))["quoteGeneration"]

    assert [(node["prompt"], node["queuePosition"]) for node in nodes] == [("later", 3), ("mine", 2)]
    assert nodes[0]["estimatedFinishAt"] > nodes[1]["estimatedFinishAt"]
    assert (quote["eligible"], quote["queuePosition"], quote["engine"]) == (True, 4, {"name": "slow"})
    one_by_one = quote["estimatedSeconds"]
    await execute("UPDATE generations SET status = 'RUNNING', started_at = now() WHERE prompt <> 'mine'")
    nodes = (await server.data(QUEUE, token=eve))["viewer"]["generations"]["nodes"]
    quote = (await server.data(QUOTE, {"input": {"prompt": "x", "width": 64, "height": 64}}))["quoteGeneration"]
    assert [(node["prompt"], node["queuePosition"]) for node in nodes] == [("later", None), ("mine", 1)]
    assert nodes[0]["estimatedFinishAt"] is not None
    assert quote["queuePosition"] == 2
    assert quote["estimatedSeconds"] < one_by_one


async def test_a_quote_says_what_would_be_refused_and_makes_nothing(server: RunningServer) -> None:
    wish = {"prompt": "x", "width": 63, "height": 64}

    quote = (await server.data(QUOTE, {"input": wish}))["quoteGeneration"]

    assert quote["eligible"] is False
    assert quote["errors"] == [{"__typename": "InvalidInput", "path": ["generation", "width"]}]
    assert await fetch("SELECT id FROM generations") == []
