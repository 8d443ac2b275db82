"""GraphQL over server-sent events: graphql-sse, distinct connections mode."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Collection
from contextlib import aclosing, asynccontextmanager
from typing import Any, NamedTuple
from uuid import UUID

import httpx
import orjson
import pytest
from structlog.testing import capture_logs

from app.core.viewer import Role
from app.generation.engines.registry import Engines
from schema.transport.events import EventStreams
from schema.transport.negotiation import prefers_events
from schema.transport.sessions import OpenSessions
from tests.fakes.engines import SlowEngine
from tests.fakes.server import CREATE, FOLLOW, Json, RunningServer, endpoint_of, hub_of
from tests.fakes.waiting import until

EVENTS = {"accept": "text/event-stream"}
STUCK = 60.0


class Event(NamedTuple):
    """One event; a comment is an event without a name."""

    name: str
    data: Any


@pytest.fixture
def engines() -> Engines:
    """An engine that is at work for as long as a test wants."""
    return Engines([SlowEngine(steps=2, pause=0.05), StuckEngine()])


class StuckEngine(SlowEngine):
    name = "stuck"

    def __init__(self) -> None:
        super().__init__(steps=1, pause=STUCK)


def events_of(text: str) -> list[Event]:
    """Return what an event stream says."""
    found = []
    for block in text.replace("\r\n", "\n").split("\n\n")[:-1]:
        fields = dict(line.split(":", 1) for line in block.split("\n"))
        data = fields.get("data", "").strip()
        found.append(Event(fields.get("event", "").strip(), orjson.loads(data) if data else None))
    return found


@asynccontextmanager
async def opened(server: RunningServer, token: str | None, **body: Any) -> AsyncIterator[httpx.Response]:
    headers = EVENTS | ({"authorization": f"Bearer {token}"} if token else {})
    async with server.client.stream("POST", "/graphql", json=body, headers=headers) as answer:
        yield answer


@asynccontextmanager
async def watched(server: RunningServer) -> AsyncIterator[AsyncGenerator[Event, None]]:
    """Follow a generation that does not get on."""
    token = await server.sign_up()
    id = (await server.create(token, engine="stuck"))["generation"]["id"]
    async with (
        asyncio.timeout(20),
        opened(server, token, query=FOLLOW, variables={"id": id}) as answer,
        aclosing(arriving(answer)) as events,
    ):
        yield events


async def arriving(answer: httpx.Response) -> AsyncGenerator[Event, None]:
    """Yield events as they come."""
    text = ""
    async for piece in answer.aiter_text():
        text += piece.replace("\r\n", "\n")
        whole, separator, text = text.rpartition("\n\n")
        for event in events_of(whole + separator):
            yield event


async def streamed(server: RunningServer, query: str, variables: Json | None = None, token: str | None = None) -> Any:
    """Return the events of an operation that ends by itself."""
    async with asyncio.timeout(30), opened(server, token, query=query, variables=variables) as answer:
        assert answer.status_code == 200
        return events_of((await answer.aread()).decode())


def progress(events: list[Event]) -> list[Json]:
    assert events[-1] == Event("complete", None)
    assert {event.name for event in events[:-1]} <= {"next", ""}
    return [event.data["data"]["generationProgress"] for event in events if event.name == "next"]


async def test_a_query_and_a_mutation_answer_with_one_event(server: RunningServer) -> None:
    answered, complete = await streamed(server, "{ __typename }")

    assert (answered.name, answered.data["data"]) == ("next", {"__typename": "Query"})
    assert complete == Event("complete", None)
    token = await server.sign_up()
    wish = {"generation": {"prompt": "a person", "width": 64, "height": 64}, "idempotencyKey": "one"}
    created, complete = await streamed(server, CREATE, {"input": wish}, token)

    assert created.data["data"]["createGeneration"]["generation"]["prompt"] == "a person"
    assert complete.name == "complete"


async def test_a_generation_is_followed_to_its_end_and_from_any_cursor(server: RunningServer) -> None:
    token = await server.sign_up()
    id = (await server.create(token))["generation"]["id"]
    live = progress(await streamed(server, FOLLOW, {"id": id}, token))
    states = [event for event in live if event["type"] not in {"SNAPSHOT", "PROGRESS", "PREVIEW"}]

    assert live[0]["type"] == "SNAPSHOT"
    assert live[-1]["type"] == "SUCCEEDED"
    again = progress(await streamed(server, FOLLOW, {"id": id, "after": live[0]["cursor"]}, token))
    assert [event["sequence"] for event in again] == [event["sequence"] for event in states]
    assert progress(await streamed(server, FOLLOW, {"id": id, "after": live[-1]["cursor"]}, token)) == []


async def test_what_the_stream_says_of_itself(server: RunningServer) -> None:
    headers = {**EVENTS, "accept-encoding": "gzip, br"}
    answer = await server.client.get("/graphql", params={"query": "{ __typename }"}, headers=headers)

    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store, no-transform"
    assert answer.headers["x-accel-buffering"] == "no"
    assert "accept" in answer.headers["vary"]
    assert "content-encoding" not in answer.headers
    assert events_of(answer.text)[0].data["data"] == {"__typename": "Query"}


async def test_a_subscription_may_be_got(server: RunningServer) -> None:
    token = await server.sign_up()
    id = (await server.create(token))["generation"]["id"]
    params = {"query": FOLLOW, "variables": orjson.dumps({"id": id}).decode()}
    answer = await server.client.get("/graphql", params=params, headers=EVENTS | {"authorization": f"Bearer {token}"})

    assert progress(events_of(answer.text))[-1]["type"] == "SUCCEEDED"


async def test_a_mutation_by_get_does_nothing(server: RunningServer) -> None:
    token = await server.sign_up()
    variables = {"input": {"generation": {"prompt": "a person"}, "idempotencyKey": "one"}}
    params = {"query": CREATE, "variables": orjson.dumps(variables).decode()}
    answer = await server.client.get("/graphql", params=params, headers=EVENTS | {"authorization": f"Bearer {token}"})

    refused, complete = events_of(answer.text)
    assert set(refused.data) == {"errors"}
    [error] = refused.data["errors"]
    assert (error["extensions"], error["message"]) == ({"code": "METHOD_NOT_ALLOWED"}, "Send mutations by POST.")
    assert complete.name == "complete"
    generations = "{ viewer { generations(first: 1) { edges { node { id } } } } }"
    assert (await server.data(generations, token=token))["viewer"]["generations"]["edges"] == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_VALIDATION_FAILED"),
        ("{ nobody }", "GRAPHQL_VALIDATION_FAILED"),
        ('subscription { generationProgress(id: "x") { cursor } }', "FORBIDDEN"),
    ],
)
async def test_what_is_not_executed_is_one_event_and_the_end(server: RunningServer, query: str, code: str) -> None:
    refused, complete = await streamed(server, query)

    assert [error["extensions"]["code"] for error in refused.data["errors"]] == [code]
    assert "data" not in refused.data
    assert complete.name == "complete"


async def test_what_is_anothers_is_not_found(server: RunningServer) -> None:
    id = (await server.create(await server.sign_up()))["generation"]["id"]
    refused, complete = await streamed(server, FOLLOW, {"id": id}, await server.sign_up("eve"))

    assert [error["extensions"]["code"] for error in refused.data["errors"]] == ["NOT_FOUND"]
    assert complete.name == "complete"


async def test_a_request_that_is_none_is_refused_in_json(server: RunningServer) -> None:
    async with opened(server, "worthless", query="{ __typename }") as answer:
        await answer.aread()
        assert (answer.status_code, answer.headers["content-type"]) == (401, "application/json; charset=utf-8")
        assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    answer = await server.client.post("/graphql", json=[{"query": "{ __typename }"}], headers=EVENTS)
    assert answer.json()["errors"][0]["extensions"]["code"] == "BATCHING_NOT_SUPPORTED"


async def test_a_subscription_that_asks_for_json_is_told_of_both_ways(server: RunningServer) -> None:
    (error,) = (await server.execute('subscription { generationProgress(id: "x") { cursor } }'))["errors"]

    assert "graphql-transport-ws" in error["message"]
    assert "text/event-stream" in error["message"]


async def test_a_silent_stream_has_heartbeats(server: RunningServer) -> None:
    transport = endpoint_of(server)._get_stream_transport("sse")
    assert transport is not None
    transport.heartbeat_interval = 0.05
    beats = 0
    async with watched(server) as events:
        while beats < 3:
            beats += await anext(events) == Event("", None)


async def test_a_client_that_leaves_is_forgotten(server: RunningServer) -> None:
    hub = hub_of(server)
    async with watched(server) as events:
        assert (await anext(events)).name == "next"
        assert hub.subscriber_count == 1

    async def nobody() -> bool:
        return hub.subscriber_count == 0

    await until(nobody)


async def test_the_end_of_the_server_ends_streams_without_complete(server: RunningServer) -> None:
    async with watched(server) as events:
        first = await anext(events)
        server.stop()
        rest = [event async for event in events]

    assert first.data["data"]["generationProgress"]["type"] == "SNAPSHOT"
    assert "complete" not in {event.name for event in rest}


async def test_what_fails_in_a_stream_is_masked() -> None:
    async def live(sessions: Collection[UUID]) -> dict[UUID, Role]:
        return dict.fromkeys(sessions, Role.USER)

    async def failing() -> AsyncGenerator[str, None]:
        yield ": one\r\n\r\n"
        raise ValueError("the secret of a person")

    text = "".join([chunk async for chunk in EventStreams(OpenSessions(live)).forward(failing(), None, "request-1")])

    assert [event.name for event in events_of(text)] == ["", "next", "complete"]
    assert "secret" not in text
    assert "request-1" in text


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("text/event-stream", True),
        ("TEXT/Event-Stream; charset=utf-8", True),
        ("text/event-stream, */*", True),
        ("text/event-stream, application/json", True),
        ("application/json;q=0.9, text/event-stream", True),
        ("application/json, text/event-stream", False),
        ("application/graphql-response+json, application/json, text/event-stream, multipart/mixed", False),
        ("text/event-stream;q=0.5, application/json", False),
        ("text/event-stream;q=0", False),
        ("text/event-stream;q=lots", False),
        ("*/*", False),
        ("text/*", False),
        ("", False),
    ],
)
def test_events_are_for_clients_that_like_them_best(accept: str, expected: bool) -> None:
    assert prefers_events([accept]) is expected


@pytest.mark.parametrize(
    ("query", "operation", "code"),
    [
        ("mutation { signOut(input: {}) { signedOut } }", None, "METHOD_NOT_ALLOWED"),
        ("query A { engines { name } }", "B", "OPERATION_RESOLUTION_FAILURE"),
    ],
)
async def test_a_stream_of_what_get_may_not_do_says_so_and_does_nothing(
    query: str, operation: str | None, code: str, server: RunningServer
) -> None:
    token = await server.sign_up()
    parameters = {"query": query} | ({"operationName": operation} if operation else {})
    with capture_logs() as lines:
        answer = await server.client.get(
            "/graphql", params=parameters, headers={**EVENTS, "authorization": f"Bearer {token}"}
        )

    [event, complete] = events_of(answer.text)
    assert [error["extensions"]["code"] for error in event.data["errors"]] == [code]
    assert complete.name == "complete"
    assert {line["log_level"] for line in lines} == {"info"}
    assert await server.data("{ viewer { id } }", token=token) != {"viewer": None}
