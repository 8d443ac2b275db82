"""Subscriptions, as the public client npm `graphql-ws` sees them: nothing is missed, nothing comes twice."""

import json
from asyncio import StreamReader, timeout
from typing import Any

import pytest

from app.core.db import fetch
from app.generation.engines.registry import Engines
from schema.relay import parse_global_id
from tests.conformance.node import Node
from tests.fakes.engines import SlowEngine
from tests.fakes.people import POLICY_VERSION
from tests.fakes.server import RunningServer

NO_STATE = {"SNAPSHOT", "PROGRESS", "PREVIEW"}
Event = dict[str, Any]


@pytest.fixture
def engines() -> Engines:
    """An engine that is still at work when Node has started for the second time."""
    return Engines([SlowEngine(steps=2, pause=0.25)])


async def test_graphql_ws_follows_a_generation_to_its_end(server: RunningServer, node: Node) -> None:
    printed = (await node.output("follow.mjs", "begin", server.address, POLICY_VERSION)).splitlines()

    begun, *events = (json.loads(line) for line in printed)

    assert events[0]["type"] == "SNAPSHOT"
    assert events[-1]["type"] == "SUCCEEDED"
    assert {"PROGRESS", "PREVIEW"} & {event["type"] for event in events}
    assert [image["index"] for image in events[-1]["generation"]["images"]] == [0, 1, 2]
    assert states(events) == await recorded_after(begun["id"], events[0]["sequence"])


@pytest.mark.parametrize("killed_after", [1, 2, 3])
async def test_a_client_that_is_killed_misses_nothing_and_sees_nothing_twice(
    server: RunningServer, node: Node, killed_after: int
) -> None:
    begun, before = await follow_until_killed(server, node, killed_after)
    await_rest = node.output("follow.mjs", "resume", server.address, begun["token"], begun["id"], before[-1]["cursor"])
    after = [json.loads(line) for line in (await await_rest).splitlines()]

    assert len(states(before)) >= killed_after
    assert states(after)
    assert "SNAPSHOT" not in {event["type"] for event in after}
    seen = states(before) + states(after)
    assert seen == await recorded_after(begun["id"], before[0]["sequence"])
    assert seen[-1][1] == "SUCCEEDED"
    assert len(set(seen)) == len(seen)


async def follow_until_killed(server: RunningServer, node: Node, count: int) -> tuple[Event, list[Event]]:
    """Kill the client once it has printed so many state events; return all that it printed."""
    lines: list[Event] = []
    async with node.running("follow.mjs", "begin", server.address, POLICY_VERSION) as process, timeout(30):
        assert process.stdout is not None
        while len(states(lines[1:])) < count:
            lines.append(await printed_line(process.stdout))
        process.kill()
        rest = await process.stdout.read()
        await process.wait()
    lines += [json.loads(line) for line in rest.split(b"\n")[:-1]]  # of the last line a half may be there
    return lines[0], lines[1:]


async def printed_line(stdout: StreamReader) -> Event:
    line = await stdout.readline()
    assert line, "the client ended by itself"
    event: Event = json.loads(line)
    return event


def states(events: list[Event]) -> list[tuple[int, str]]:
    """Return sequence and type of the events that are rows of the feed."""
    return [(event["sequence"], event["type"]) for event in events if event["type"] not in NO_STATE]


async def recorded_after(id: str, sequence: int) -> list[tuple[int, str]]:
    """Return what the feed's table says happened."""
    parsed = parse_global_id(id)
    assert parsed is not None
    rows = await fetch(
        "SELECT sequence, type FROM feed_entries WHERE object_id = $1 AND sequence > $2 ORDER BY sequence",
        parsed[1],
        sequence,
    )
    return [(row["sequence"], row["type"]) for row in rows]
