"""The main job with an engine on another server: from the API to the pictures, and to a refusal."""

import pytest

from app.core.db import fetch
from app.generation.engines.openai import OpenAIEngine
from app.generation.engines.registry import Engines
from tests.fakes import openai_server as fakes
from tests.fakes.openai_server import FakeOpenAI
from tests.fakes.server import RunningServer
from tests.fakes.waiting import until
from tests.generation.engines.openai.workshop import engine_of

GENERATION = """query ($id: ID!) { node(id: $id) { ... on Generation {
  status notes failure { code message retryable } rejected { index stage categories } images { index width } } } }"""
ENGINES = "{ engines { name capabilities { seeded previews } retention { source } } }"


@pytest.fixture
def engine(openai_server: FakeOpenAI) -> OpenAIEngine:
    return engine_of(openai_server, partial_images=2)


@pytest.fixture
def engines(engine: OpenAIEngine) -> Engines:
    """The engine under test is the only one."""
    return Engines([engine])


async def test_a_wish_becomes_pictures(server: RunningServer, openai_server: FakeOpenAI) -> None:
    openai_server.pause = 0.2
    token = await server.sign_up()
    payload = await server.create(token, prompt="a person | <lora:x:1>", engine="openai", count=2)
    assert payload["errors"] == []

    events = await server.follow(token, payload["generation"]["id"])

    assert events[-1]["generation"]["status"] == "SUCCEEDED"
    assert any(event["preview"] for event in events)
    node = (await server.data(GENERATION, {"id": payload["generation"]["id"]}, token))["node"]
    assert [(image["index"], image["width"]) for image in node["images"]] == [(0, 64), (1, 64)]
    assert len(node["notes"]) == 2
    assert {call.fields["prompt"] for call in openai_server.calls} == {"a person ,"}


async def test_who_asks_is_told_apart_but_not_named(server: RunningServer, openai_server: FakeOpenAI) -> None:
    ada, eve = await server.sign_up("ada"), await server.sign_up("eve")
    for token in (ada, eve, ada):
        await server.create(token)
        await server.queue.settle()

    subjects = [call.fields["safety_identifier"] for call in openai_server.calls]
    assert subjects[0] == subjects[2] != subjects[1]
    ids = {row["id"].hex for row in await fetch("SELECT id FROM users")}
    assert all(len(subject) == 32 and subject not in ids for subject in subjects)


async def test_a_refused_prompt_ends_as_rejected(server: RunningServer, openai_server: FakeOpenAI) -> None:
    openai_server.will(fakes.refused("input", "violence"))
    token = await server.sign_up()
    id = (await server.create(token))["generation"]["id"]
    await server.queue.settle()

    node = (await server.data(GENERATION, {"id": id}, token))["node"]

    assert node["status"] == "FAILED"
    assert (node["failure"]["code"], node["failure"]["retryable"]) == ("CONTENT_REJECTED", False)
    assert len(openai_server.calls) == 1


async def test_a_refused_picture_leaves_the_others(server: RunningServer, openai_server: FakeOpenAI) -> None:
    openai_server.will(fakes.refused("output", "sexual"), index=0)
    token = await server.sign_up()
    id = (await server.create(token, count=3))["generation"]["id"]
    await server.queue.settle()

    node = (await server.data(GENERATION, {"id": id}, token))["node"]

    assert node["status"] == "SUCCEEDED"
    assert [image["index"] for image in node["images"]] == [1, 2]
    assert node["rejected"] == [{"index": 0, "stage": "output", "categories": ["sexual"]}]


async def test_a_second_attempt_asks_for_what_is_missing(server: RunningServer, openai_server: FakeOpenAI) -> None:
    openai_server.will(*[fakes.error(503, code="overloaded")] * 3, index=1)
    token = await server.sign_up()
    id = (await server.create(token, count=2))["generation"]["id"]
    await server.queue.settle()
    [job] = [sent for sent in server.queue.sent if sent[2] == 0]
    openai_server.will(fakes.refused("input", "violence"), index=1)

    async def retried() -> bool:
        await server.queue.enqueue("interactive", job[1], 1)  # once it is due, which is soon
        await server.queue.settle()
        return len(openai_server.calls) == 5

    await until(retried)

    node = (await server.data(GENERATION, {"id": id}, token))["node"]
    assert [call.index for call in openai_server.calls].count(0) == 1
    assert node["status"] == "SUCCEEDED"
    assert [image["index"] for image in node["images"]] == [0]
    assert node["rejected"] == [{"index": 1, "stage": "input", "categories": ["violence"]}]


async def test_a_seed_is_refused_where_none_is_heeded(server: RunningServer, openai_server: FakeOpenAI) -> None:
    token = await server.sign_up()
    payload = await server.create(token, seed="7")

    assert payload["generation"] is None
    assert payload["errors"][0]["path"] == ["generation", "seed"]
    assert openai_server.calls == []


async def test_people_can_see_what_the_engine_is(server: RunningServer) -> None:
    [engine] = (await server.data(ENGINES))["engines"]
    assert engine == {
        "name": "openai",
        "capabilities": {"seeded": False, "previews": True},
        "retention": None,
    }
