"""Server-sent events, as the public client npm `graphql-sse` sees them."""

import asyncio
import json
from typing import Any

import pytest

from app.generation.engines.registry import Engines
from tests.conformance.node import Node
from tests.fakes.gates import GatedEngine
from tests.fakes.server import CREATE, FOLLOW, RunningServer, hub_of
from tests.fakes.waiting import until

EPHEMERAL = {"SNAPSHOT", "PROGRESS", "PREVIEW"}


@pytest.fixture
def gate() -> GatedEngine:
    """An engine that works once it may."""
    return GatedEngine()


@pytest.fixture
def engines(gate: GatedEngine) -> Engines:
    """That engine alone."""
    return Engines([gate])


class Client:
    """The npm client, somebody's."""

    def __init__(self, server: RunningServer, node: Node, token: str = "") -> None:
        self.server = server
        self.node = node
        self.token = token

    async def results(self, query: str, variables: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        given = json.dumps(variables or {})
        printed = await self.node.output("operate.mjs", self.server.address, self.token, query, given)
        return [json.loads(line) for line in printed.splitlines()]

    async def events(self, id: str, after: str | None = None) -> list[dict[str, Any]]:
        results = await self.results(FOLLOW, {"id": id, "after": after})
        return [result["data"]["generationProgress"] for result in results]


async def test_graphql_sse_asks_and_follows(server: RunningServer, node: Node, gate: GatedEngine) -> None:
    client = Client(server, node, await server.sign_up())
    wish = {"generation": {"prompt": "a person", "width": 64, "height": 64}, "idempotencyKey": "one"}
    (created,) = await client.results(CREATE, {"input": wish})
    id = created["data"]["createGeneration"]["generation"]["id"]

    async def watched() -> bool:
        return hub_of(server).subscriber_count == 1

    async with asyncio.TaskGroup() as group:
        following = group.create_task(client.events(id))
        await until(watched, within=20)
        gate.go.set()
    live = following.result()
    again = await client.events(id, after=live[0]["cursor"])

    assert (live[0]["type"], live[-1]["type"]) == ("SNAPSHOT", "SUCCEEDED")
    states = [event["sequence"] for event in live if event["type"] not in EPHEMERAL]
    assert [event["sequence"] for event in again] == states


async def test_graphql_sse_understands_refusals(server: RunningServer, node: Node) -> None:
    (denied,), (invalid,), (refused,) = await asyncio.gather(
        Client(server, node).results(FOLLOW, {"id": "x"}),
        Client(server, node).results("{ nobody }"),
        Client(server, node, "worthless").results("{ __typename }"),
    )

    assert denied["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert invalid["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert refused["refused"] == 401
