"""Streams: unfinished pictures are shown and never kept; only a completed event is a result."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.generation.engines.base import (
    BadOutput,
    EngineError,
    EngineUnavailable,
    Event,
    OrderRejected,
    Preview,
    Progress,
)
from app.generation.engines.openai.stream import EventReader
from tests.conftest import inline
from tests.contracts.engines import size_of
from tests.fakes import openai_server as fakes
from tests.fakes.openai_server import FakeOpenAI
from tests.fakes.waiting import until
from tests.generation.engines.openai.workshop import an_order, collect, engine_of, previews, ready, run

pytestmark = pytest.mark.usefixtures("ledger")

EVENTS = (
    b'event: one\r\ndata: {"a":\r\ndata: 1}\r\n\r\n: a comment\nid: 7\n\ndata: two\n\nevent: empty\n\ndata:three\n\n'
)


async def test_unfinished_pictures_are_shown_small_with_progress(openai_server: FakeOpenAI) -> None:
    events = await run(engine_of(openai_server, partial_images=2), an_order(0, 1))

    assert {call.fields["partial_images"] for call in openai_server.calls} == {2}
    assert openai_server.calls[0].headers["accept"].startswith("text/event-stream")
    assert sorted(previews(events)) == [0, 0, 1, 1]
    assert ready(events) == [0, 1]
    fractions = [event.fraction for event in events if isinstance(event, Progress)]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    for event in events:
        if isinstance(event, Preview):
            assert max(size_of(event.content) or (999,)) <= 256


async def test_a_stream_without_its_end_is_a_failure_and_no_preview_is_kept(openai_server: FakeOpenAI) -> None:
    openai_server.will(fakes.cut, fakes.cut)
    events: list[Event] = []
    with pytest.raises(EngineUnavailable):
        await collect(engine_of(openai_server, partial_images=2, retries=1), an_order(0), events)

    assert previews(events) == [0] * 4
    assert ready(events) == []
    assert len(openai_server.calls) == 2


async def test_a_stream_that_broke_off_once_is_asked_for_again(openai_server: FakeOpenAI) -> None:
    openai_server.will(fakes.cut)
    assert ready(await run(engine_of(openai_server, partial_images=1), an_order(0))) == [0]
    assert [call.headers["idempotency-key"] for call in openai_server.calls] == ["the-key:0"] * 2


async def test_a_server_that_does_not_stream_is_understood(openai_server: FakeOpenAI) -> None:
    openai_server.will(lambda server, call: fakes.good(server, replace(call, fields={**call.fields, "stream": False})))
    assert ready(await run(engine_of(openai_server, partial_images=2), an_order(0))) == [0]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (fakes.event("image_generation.completed", {"b64_json": "!"}), BadOutput),
        (b"data: {broken\n\n", BadOutput),
        (b"data: 7\n\n", BadOutput),
        (fakes.event("error", {"error": {"code": "server_error", "message": "x"}}), EngineUnavailable),
        (b'data: {"error": {"message": "x"}}\n\n', EngineUnavailable),
        (fakes.event("error", {"code": "moderation_blocked"}), OrderRejected),
        (b"data: [DONE]\n\n", EngineUnavailable),
        (fakes.event("something.new", {}), EngineUnavailable),
    ],
)
async def test_what_a_stream_may_hold(openai_server: FakeOpenAI, content: bytes, expected: type[EngineError]) -> None:
    openai_server.will(fakes.raw(content, "text/event-stream"))
    with pytest.raises(expected):
        await run(engine_of(openai_server, partial_images=1, retries=0), an_order(0))


async def test_a_preview_that_cannot_be_read_is_left_out(openai_server: FakeOpenAI) -> None:
    picture = orjson.loads(fakes.good(openai_server, fakes.Call("", {}, {"size": "64x72"}, [])).body)["data"][0]
    content = b"".join(
        (
            fakes.event("image_generation.partial_image", {"b64_json": "bm8=", "partial_image_index": 0}),
            fakes.event("image_generation.partial_image", {"b64_json": "!", "partial_image_index": 0}),
            fakes.event("image_generation.partial_image", {"b64_json": "bm8="}),
            fakes.event("image_generation.completed", picture),
        )
    )
    openai_server.will(fakes.raw(content, "text/event-stream"))
    events = await run(engine_of(openai_server, partial_images=1), an_order(0))

    assert previews(events) == []
    assert ready(events) == [0]


async def until_it_holds(condition: Callable[[], bool]) -> None:
    """Wait for something that the server sees."""

    async def holds() -> bool:
        return condition()

    await until(holds)


async def test_closing_closes_every_connection(openai_server: FakeOpenAI) -> None:
    openai_server.will(fakes.endless, fakes.endless)
    stream = engine_of(openai_server, partial_images=1).run(an_order(0, 1), inline)
    await anext(stream)
    await until_it_holds(lambda: len(openai_server.calls) == 2)

    await stream.aclose()

    await until_it_holds(lambda: openai_server.disconnects == 2)
    assert [event async for event in stream] == []


async def test_cancelling_the_reader_closes_every_connection(openai_server: FakeOpenAI) -> None:
    openai_server.will(fakes.endless)
    reading = asyncio.create_task(run(engine_of(openai_server, partial_images=1), an_order(0)))
    await until_it_holds(lambda: len(openai_server.calls) == 1)

    reading.cancel()

    await until_it_holds(lambda: openai_server.disconnects == 1)


@given(st.lists(st.integers(0, len(EVENTS)), max_size=8))
def test_events_are_read_however_they_are_cut(cuts: list[int]) -> None:
    reader = EventReader()
    places = [0, *sorted(cuts), len(EVENTS)]
    chunks = [EVENTS[start:end] for start, end in pairwise(places)]

    found = [event for chunk in chunks for event in reader.feed(chunk)]

    assert found == [("one", b'{"a":\n1}'), ("", b"two"), ("", b"three")]
