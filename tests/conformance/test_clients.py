"""Public clients create, follow, lose their connection, resume and cancel: what each of them sees is what happened."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Any

import pytest
from gql import Client, GraphQLRequest
from gql.client import AsyncClientSession
from gql.transport.exceptions import TransportError
from gql.transport.httpx import HTTPXAsyncTransport
from gql.transport.websockets import WebsocketsTransport

from app.generation.engines.registry import Engines
from tests.conformance.node import Node
from tests.conformance.test_graphql_ws import recorded_after, states
from tests.fakes.engines import SlowEngine
from tests.fakes.gates import GatedEngine
from tests.fakes.server import CREATE, FOLLOW, RunningServer, hub_of
from tests.fakes.waiting import until

CANCEL = "mutation ($id: ID!) { cancelGeneration(input: {id: $id}) { generation { id status } errors { code } } }"
NODE_CLIENTS = ("graphql-ws", "graphql-sse", "@apollo/client")
Line = dict[str, Any]


@pytest.fixture
def gate() -> GatedEngine:
    """An engine that works once it may."""
    return GatedEngine()


@pytest.fixture
def engines(gate: GatedEngine) -> Engines:
    """An engine that is still at work when a client comes back, and one that waits."""
    return Engines([SlowEngine(steps=2, pause=0.25), gate])


@pytest.mark.parametrize("client", [*NODE_CLIENTS, "gql"])
async def test_a_client_creates_follows_resumes_and_cancels(server: RunningServer, node: Node, client: str) -> None:
    token = await server.sign_up()

    if client == "gql":
        lines = await GqlTour(server.address, token).lines()
    else:
        printed = await node.output("tour.mjs", client, server.address, token)
        lines = [json.loads(line) for line in printed.splitlines()]

    begun, resumed, canceled = (events(lines, part) for part in ("begun", "resumed", "canceled"))
    assert ends(lines) == [("begun", "broken"), ("resumed", "complete"), ("canceled", "complete")]
    assert begun[0]["type"] == "SNAPSHOT"
    assert len(states(begun)) == 2
    assert "SNAPSHOT" not in {event["type"] for event in resumed}
    seen = states(begun) + states(resumed)
    assert seen == await recorded_after(first_id(lines, "begun"), begun[0]["sequence"])
    assert resumed[-1]["type"] == "SUCCEEDED"
    assert [image["index"] for image in resumed[-1]["generation"]["images"]] == [0, 1, 2]
    [payload] = [line["payload"] for line in lines if "payload" in line]
    assert (payload["generation"]["status"], payload["errors"]) == ("CANCELED", [])
    assert (canceled[-1]["type"], canceled[-1]["generation"]["status"]) == ("CANCELED", "CANCELED")


async def test_the_cache_of_apollo_keeps_one_of_each_and_one_list(
    server: RunningServer, node: Node, gate: GatedEngine
) -> None:
    token = await server.sign_up()

    async def watched() -> bool:
        return hub_of(server).subscriber_count == 1

    async with asyncio.TaskGroup() as group:
        output = group.create_task(node.output("apollo-cache.mjs", server.address, token))
        await until(watched, within=25)
        gate.go.set()
    found = json.loads(output.result())

    assert found["prompts"] == [f"person {number}" for number in (4, 3, 2, 1, 0)]
    assert found["before"] in {"QUEUED", "RUNNING"}
    assert (found["after"], found["progress"]) == ("SUCCEEDED", 1)
    assert len(found["kept"]) == 1
    assert found["kept"][0].startswith("Generation:")


def events(lines: list[Line], part: str) -> list[Line]:
    """Return the events that a client saw in a part of its tour."""
    return [line["event"] for line in lines if line["part"] == part and "event" in line]


def ends(lines: list[Line]) -> list[tuple[str, str]]:
    """Return how each part of the tour ended."""
    return [(line["part"], way) for line in lines for way in ("broken", "complete") if way in line]


def first_id(lines: list[Line], part: str) -> str:
    """Return the generation that a part was about."""
    return str(next(line["id"] for line in lines if line["part"] == part))


class GqlTour:
    """The same tour with PyPI `gql`: operations over HTTP, events over a WebSocket."""

    def __init__(self, address: str, token: str) -> None:
        self.address = address
        self.headers = {"authorization": f"Bearer {token}"}

    async def lines(self) -> list[Line]:
        lines: list[Line] = []
        http = HTTPXAsyncTransport(url=f"{self.address}/graphql", headers=self.headers, trust_env=False)
        async with Client(transport=http) as session:
            first = await self.create(session, 3)
            with suppress(TransportError):
                async for event in self.follow(first, None, broken_after=2):
                    lines.append({"part": "begun", "id": first, "event": event})
                lines.append({"part": "begun", "complete": True})
            lines.append({"part": "begun", "broken": True})
            async for event in self.follow(first, lines[-2]["event"]["cursor"]):
                lines.append({"part": "resumed", "id": first, "event": event})
            lines.append({"part": "resumed", "complete": True})
            second = await self.create(session, 4)
            async for event in self.follow(second, None):
                lines.append({"part": "canceled", "id": second, "event": event})
                if event["type"] == "SNAPSHOT":
                    answer = await session.execute(GraphQLRequest(CANCEL, variable_values={"id": second}))
                    lines.append({"part": "cancel", "payload": answer["cancelGeneration"]})
            lines.append({"part": "canceled", "complete": True})
        return lines

    async def create(self, session: AsyncClientSession, count: int) -> str:
        generation = {"prompt": "a person", "width": 64, "height": 64, "count": count}
        variables = {"input": {"generation": generation, "idempotencyKey": f"of {count}"}}
        answer = await session.execute(GraphQLRequest(CREATE, variable_values=variables))
        return str(answer["createGeneration"]["generation"]["id"])

    async def follow(self, id: str, after: str | None, broken_after: int | None = None) -> AsyncGenerator[Line, None]:
        """Yield events; the connection breaks once so many state events have come."""
        transport = WebsocketsTransport(
            url=f"{self.address.replace('http', 'ws')}/graphql",
            init_payload=self.headers,
            subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL],
            connect_args={"proxy": None},
        )
        seen: list[Line] = []
        async with Client(transport=transport) as session:
            request = GraphQLRequest(FOLLOW, variable_values={"id": id, "after": after})
            async for answer in session.subscribe(request):
                seen.append(answer["generationProgress"])
                yield seen[-1]
                if len(states(seen)) == broken_after:
                    abort(transport)


def abort(transport: WebsocketsTransport) -> None:
    """Break the connection below the client."""
    socket = transport.adapter.websocket
    assert socket is not None
    socket.transport.abort()
