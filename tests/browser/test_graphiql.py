"""GraphiQL in a real browser: the whole tour, and nothing that the policy of the page forbids."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from app.generation.engines.registry import Engines
from app.policy.browser_storage import STORED
from tests.conformance.node import Node
from tests.fakes.engines import CAPABILITIES
from tests.fakes.gates import GatedEngine
from tests.fakes.server import RunningServer, hub_of
from tests.fakes.waiting import until


@pytest.fixture
def gate() -> GatedEngine:
    """An engine that makes pictures of the usual size, once it may."""
    engine = GatedEngine()
    engine.capabilities = replace(CAPABILITIES, max_side=2048)
    return engine


@pytest.fixture
def engines(gate: GatedEngine) -> Engines:
    """That engine alone."""
    return Engines([gate])


async def test_a_stranger_gets_from_the_page_to_a_finished_generation(
    server: RunningServer, browser: Node, gate: GatedEngine, tmp_path: Path
) -> None:
    async with browser.running("graphiql.mjs", server.address, str(tmp_path / "tour.png")) as process:
        async with asyncio.timeout(60):
            opening = asyncio.create_task(open_when_watched(server, gate))
            printed, complaints = await process.communicate()
            opening.cancel()
    assert process.returncode == 0, complaints.decode()
    seen = json.loads(printed)

    assert seen["complaints"] == []
    own_only(seen["requests"], server.address)
    for label in ("query", "mutation", "subscription"):
        assert label in seen["documentation"].lower()
    assert "createGeneration" in seen["explorer"]
    assert seen["created"]["errors"] == []

    sent = [frame for frame in seen["frames"] if frame["type"] == "connection_init"]
    assert [frame["payload"] for frame in sent] == [{"authorization": f"Bearer {seen['token']}"}]
    events = [frame["payload"]["data"]["generationProgress"] for frame in seen["frames"] if frame["type"] == "next"]
    assert events[0] == {"type": "SNAPSHOT", "generation": {"status": "RUNNING"}}
    assert events[-1] == {"type": "SUCCEEDED", "generation": {"status": "SUCCEEDED"}}
    assert "SUCCEEDED" in seen["shown"]
    assert seen["token"] not in seen["stored"]
    stored = set(json.loads(seen["stored"]))
    assert stored
    assert {key for key in stored if not key.startswith(tuple(items.prefix for items in STORED))} == set()


def own_only(requests: list[str], address: str) -> None:
    """Fail for a request that went elsewhere."""
    own = (address, address.replace("http", "ws"))
    assert {url for url in requests if not url.startswith(own)} <= {"data:,"}


async def open_when_watched(server: RunningServer, gate: GatedEngine) -> None:
    """Let the picture be finished once somebody looks."""

    async def watched() -> bool:
        return hub_of(server).subscriber_count == 1

    await until(watched, within=60)
    gate.go.set()
