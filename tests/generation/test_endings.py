"""Stopping, trying again, deleting: at the API, with a slow engine at work."""

import asyncio
import uuid
from contextlib import aclosing
from typing import Any

import pytest

from app.core.db import fetch
from app.generation.engines.registry import Engines
from app.generation.fulfilment import Studio
from tests.fakes.engines import FaultyEngine, SlowEngine
from tests.fakes.server import Json, RunningServer

CANCEL = """mutation ($input: CancelGenerationInput!) { cancelGeneration(input: $input) {
  generation { status images { index } queuePosition estimatedFinishAt } errors { __typename code path } } }"""
RETRY = """mutation ($input: RetryGenerationInput!) { retryGeneration(input: $input) {
  generation { id seed prompt status } errors { __typename code } } }"""
DELETE = """mutation ($input: DeleteGenerationsInput!) { deleteGenerations(input: $input) {
  deletedIds errors { __typename code path } } }"""
NODE = "query ($id: ID!) { node(id: $id) { ... on Generation { status } } }"


@pytest.fixture
def engines(faulty: FaultyEngine) -> Engines:
    """A slow engine that a test can catch at work."""
    return Engines([SlowEngine(steps=4, pause=0.1), faulty])


async def cancel(server: RunningServer, token: str, id: str) -> Json:
    return dict((await server.data(CANCEL, {"input": {"id": id}}, token))["cancelGeneration"])


async def delete(server: RunningServer, token: str, ids: list[str], key: str | None = None) -> Json:
    variables = {"input": {"ids": ids, "idempotencyKey": key or str(uuid.uuid4())}}
    return dict((await server.data(DELETE, variables, token))["deleteGenerations"])


async def retry(server: RunningServer, token: str, id: str, key: str | None = None) -> Json:
    variables = {"input": {"id": id, "idempotencyKey": key or str(uuid.uuid4())}}
    return dict((await server.data(RETRY, variables, token))["retryGeneration"])


async def until_started(server: RunningServer, token: str, id: str) -> None:
    async with aclosing(server.events(token, id)) as events:
        async for event in events:
            if event["type"] in {"STARTED", "PROGRESS", "PREVIEW"}:
                return


async def test_canceling_stops_running_work_and_only_that_work(server: RunningServer, studio: Studio) -> None:
    token = await server.sign_up()
    doomed, other = [(await server.create(token, count=2))["generation"]["id"] for _ in range(2)]
    await until_started(server, token, doomed)

    payload = await cancel(server, token, doomed)
    events = await server.follow(token, other)
    async with asyncio.timeout(30):
        await server.queue.settle()

    assert payload["errors"] == []
    assert payload["generation"]["status"] == "CANCELED"
    assert events[-1]["type"] == "SUCCEEDED"
    assert len(await fetch("SELECT id FROM generated_images")) < 4
    rows = {str(row["id"]) for row in await fetch("SELECT id FROM pictures")}
    assert {key.split("/")[1] async for key in studio.store.list("pictures/")} <= rows
    states = {row["state"] for row in await fetch("SELECT state FROM jobs WHERE kind = 'generation.run'")}
    assert states == {"CANCELED", "SUCCEEDED"}


async def test_canceling_what_is_queued_keeps_it_from_ever_starting(server: RunningServer) -> None:
    server.queue.work_with(None)
    token = await server.sign_up()
    id = (await server.create(token))["generation"]["id"]

    payload = await cancel(server, token, id)
    again = await cancel(server, token, id)
    events = await server.follow(token, id)

    assert payload["generation"]["status"] == again["generation"]["status"] == "CANCELED"
    assert (payload["generation"]["queuePosition"], payload["generation"]["estimatedFinishAt"]) == (None, None)
    assert [event["type"] for event in events] == ["SNAPSHOT"]
    assert [row["type"] for row in await fetch("SELECT type FROM feed_entries ORDER BY sequence")] == [
        "QUEUED",
        "CANCELED",
    ]


async def test_what_has_ended_cannot_be_canceled(server: RunningServer) -> None:
    token = await server.sign_up()
    id = (await server.create(token))["generation"]["id"]
    await server.queue.settle()

    payload = await cancel(server, token, id)

    assert payload["errors"] == [{"__typename": "Conflict", "code": "CONFLICT", "path": ["id"]}]
    assert (await server.data(NODE, {"id": id}, token))["node"]["status"] == "SUCCEEDED"


async def test_what_failed_can_be_tried_again_with_the_same_seed(server: RunningServer) -> None:
    token = await server.sign_up()
    first = (await server.create(token, prompt="refused a person", engine="faulty", seed="99"))["generation"]
    await server.queue.settle()

    key = str(uuid.uuid4())
    again = await retry(server, token, first["id"], key)
    same = await retry(server, token, first["id"], key)
    await server.queue.settle()

    assert again["generation"]["id"] != first["id"]
    assert (again["generation"]["seed"], again["generation"]["prompt"]) == ("99", "refused a person")
    assert same["generation"]["id"] == again["generation"]["id"]
    assert len(await fetch("SELECT id FROM generations")) == 2


async def test_what_succeeded_is_not_tried_again(server: RunningServer) -> None:
    token = await server.sign_up()
    id = (await server.create(token))["generation"]["id"]
    await server.queue.settle()

    assert (await retry(server, token, id))["errors"] == [{"__typename": "Conflict", "code": "CONFLICT"}]


async def test_deleting_takes_everything_with_it(server: RunningServer, tmp_path: Any) -> None:
    token = await server.sign_up()
    kept, gone = [(await server.create(token))["generation"]["id"] for _ in range(2)]
    await server.queue.settle()
    key = str(uuid.uuid4())

    payload = await delete(server, token, [gone], key)
    again = await delete(server, token, [gone], key)
    await server.queue.settle()

    assert payload == again == {"deletedIds": [gone], "errors": []}
    assert (await server.data(NODE, {"id": gone}, token))["node"] is None
    assert (await server.data(NODE, {"id": kept}, token))["node"] is not None
    for table in ("generations", "generated_images", "pictures"):
        assert len(await fetch(f"SELECT id FROM {table}")) == 1, table
    assert len(list((tmp_path / "objects" / "pictures").iterdir())) == 1
    assert {row["type"] for row in await fetch("SELECT type FROM feed_entries")} == {
        "QUEUED",
        "STARTED",
        "IMAGE_READY",
        "SUCCEEDED",
    }
    assert len(await fetch("SELECT id FROM feed_entries")) == 4
    assert [row["operation"] for row in await fetch("SELECT operation FROM idempotency_keys ORDER BY operation")] == [
        "createGeneration",
        "deleteGenerations",
    ]


async def test_deleting_is_all_or_nothing_and_never_of_others(server: RunningServer) -> None:
    ada, eve = await server.sign_up("ada"), await server.sign_up("eve")
    hers = (await server.create(ada))["generation"]["id"]
    own = (await server.create(eve))["generation"]["id"]
    await server.queue.settle()

    payload = await delete(server, eve, [own, hers])

    assert payload["deletedIds"] == []
    assert payload["errors"][0]["code"] == "NOT_FOUND"
    assert len(await fetch("SELECT id FROM generations")) == 2
    assert (await delete(server, eve, []))["errors"][0]["code"] == "INVALID_INPUT"
    assert (await cancel(server, eve, hers))["errors"][0]["code"] == "NOT_FOUND"
    assert (await retry(server, eve, hers))["errors"][0]["code"] == "NOT_FOUND"


async def test_deleting_what_runs_stops_it_and_tells_its_watchers(server: RunningServer) -> None:
    token = await server.sign_up()
    id = (await server.create(token, count=2))["generation"]["id"]
    await until_started(server, token, id)
    watching = asyncio.create_task(server.follow(token, id))
    await until_started(server, token, id)

    await delete(server, token, [id])

    with pytest.raises(AssertionError, match="It was deleted"):
        await asyncio.wait_for(watching, 10)
    async with asyncio.timeout(30):
        await server.queue.settle()
    for table in ("generations", "generated_images", "pictures", "feed_entries"):
        assert await fetch(f"SELECT * FROM {table}") == [], table
