"""What goes wrong: refusals by the safety check, retries, time-outs, and what each is to the job."""

import time
from email.utils import formatdate

import pytest

from app.generation.engines.base import (
    BadOutput,
    EngineError,
    EngineTimeout,
    EngineUnavailable,
    Event,
    ImageRejected,
    OrderRejected,
)
from app.generation.engines.openai.failures import retry_after
from tests.fakes import openai_server as fakes
from tests.fakes.openai_server import FakeOpenAI
from tests.generation.engines.openai.workshop import an_order, collect, engine_of, ready, run

pytestmark = pytest.mark.usefixtures("ledger")

BUSY = fakes.error(429, code="rate_limit_exceeded")


async def test_one_refused_picture_leaves_the_others(openai_server: FakeOpenAI) -> None:
    openai_server.will(fakes.refused("output", "sexual", "violence"), index=1)
    events = await run(engine_of(openai_server), an_order(0, 1, 2))

    assert ready(events) == [0, 2]
    assert [event for event in events if isinstance(event, ImageRejected)] == [
        ImageRejected(1, "output", ("sexual", "violence"))
    ]
    assert len(openai_server.calls) == 3


async def test_a_refused_prompt_refuses_the_order(openai_server: FakeOpenAI) -> None:
    openai_server.will(*[fakes.refused("input", "violence")] * 2)
    with pytest.raises(OrderRejected) as refused:
        await run(engine_of(openai_server), an_order(0, 1))

    assert not refused.value.retryable
    assert refused.value.code == "CONTENT_REJECTED"
    assert (refused.value.stage, refused.value.categories) == ("input", ("violence",))
    assert len(openai_server.calls) == 2


async def test_a_prompt_that_was_refused_once_only_loses_that_picture(openai_server: FakeOpenAI) -> None:
    openai_server.will(fakes.refused("input", "violence"), index=0)
    events = await run(engine_of(openai_server), an_order(0, 1))

    assert ready(events) == [1]
    assert events[-1] == ImageRejected(0, "input", ("violence",))


@pytest.mark.parametrize(
    ("behaviour", "categories"),
    [
        (fakes.error(400, code="content_policy_violation"), ("unspecified",)),
        (
            fakes.error(400, code="moderation_blocked", message="No. safety_violations=[sexual, minors]."),
            ("sexual", "minors"),
        ),
        (fakes.error(400, code="contentFilter"), ("unspecified",)),
        (fakes.raw(b'{"error": {"type": "image_generation_user_error"}}', status=400), ("unspecified",)),
        (fakes.refused("input", "A Sentence About You", "violence"), ("violence",)),
    ],
)
async def test_refusals_come_in_several_shapes(
    openai_server: FakeOpenAI, behaviour: fakes.Behaviour, categories: tuple[str, ...]
) -> None:
    openai_server.will(behaviour)
    with pytest.raises(OrderRejected) as refused:
        await run(engine_of(openai_server), an_order(0))
    assert refused.value.categories == categories
    assert len(openai_server.calls) == 1


@pytest.mark.parametrize(
    ("behaviour", "calls"),
    [
        (BUSY, 3),
        (fakes.error(500, code="server_error"), 3),
        (fakes.raw(b"<html>bad gateway", "text/html", 502), 3),
        (fakes.error(503, code="moderation_blocked"), 3),
        (fakes.error(429, code="insufficient_quota"), 1),
        (fakes.error(429, code="rate_limit_exceeded", retry_after="3600"), 1),
    ],
)
async def test_what_may_pass_is_tried_again_a_few_times(
    openai_server: FakeOpenAI, behaviour: fakes.Behaviour, calls: int
) -> None:
    openai_server.will(*[behaviour] * 9)
    with pytest.raises(EngineUnavailable) as failed:
        await run(engine_of(openai_server), an_order(0))
    assert failed.value.retryable
    assert len(openai_server.calls) == calls


@pytest.mark.parametrize(
    "behaviour",
    [
        fakes.error(400, code="invalid_size"),
        fakes.error(400, code="invalid_value", type="image_generation_user_error"),
        fakes.error(401, code="invalid_api_key"),
        fakes.error(403, code="forbidden"),
        fakes.error(404, code="model_not_found"),
        fakes.error(422, code="x"),
        fakes.raw(b"", status=307, location="https://example.com"),
        fakes.raw(b'{"error": "a string"}', status=400),
        fakes.raw(b"x" * 100_000, status=400),
    ],
)
async def test_what_does_not_pass_is_not_tried_again(openai_server: FakeOpenAI, behaviour: fakes.Behaviour) -> None:
    openai_server.will(behaviour)
    with pytest.raises(EngineError) as failed:
        await run(engine_of(openai_server), an_order(0))
    assert not isinstance(failed.value, OrderRejected)
    assert failed.value.retryable is isinstance(failed.value, BadOutput)
    assert failed.value.message.endswith(".")
    assert len(openai_server.calls) == 1


async def test_the_server_says_how_long_to_wait(openai_server: FakeOpenAI) -> None:
    openai_server.will(fakes.error(429, code="rate_limit_exceeded", retry_after="0.2"))
    started = time.perf_counter()
    await run(engine_of(openai_server), an_order(0))
    assert 0.2 <= time.perf_counter() - started < 10
    assert len(openai_server.calls) == 2


async def test_what_is_too_long_for_a_worker_to_wait_is_handed_to_the_job(openai_server: FakeOpenAI) -> None:
    openai_server.will(fakes.error(429, code="rate_limit_exceeded", retry_after="90"))
    with pytest.raises(EngineUnavailable) as failed:
        await run(engine_of(openai_server), an_order(0))
    assert failed.value.retry_after == 90
    assert len(openai_server.calls) == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "7", "retry-after-ms": "250"}, 0.25),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": formatdate(0, usegmt=True)}, 0.0),
    ],
)
def test_waiting_times_are_read(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_a_waiting_time_may_be_a_date() -> None:
    assert 50 < (retry_after({"retry-after": formatdate(time.time() + 60, usegmt=True)}) or 0) <= 61


async def test_pictures_that_were_made_come_before_the_error(openai_server: FakeOpenAI) -> None:
    openai_server.will(*[BUSY] * 9, index=1)
    events: list[Event] = []
    with pytest.raises(EngineUnavailable):
        await collect(engine_of(openai_server, retries=1), an_order(0, 1, 2), events)
    assert ready(events) == [0, 2]


async def test_few_requests_run_at_once(openai_server: FakeOpenAI) -> None:
    openai_server.will(fakes.error(401, code="invalid_api_key"))
    with pytest.raises(EngineError):
        await run(engine_of(openai_server, parallel=1), an_order(0, 1, 2, 3))
    assert len(openai_server.calls) <= 2


@pytest.mark.parametrize(
    ("limits", "expected"),
    [({"timeout": 0.1}, EngineTimeout), ({"timeout": 0.1, "partial_images": 1}, EngineTimeout)],
)
async def test_a_server_that_takes_too_long_times_out(
    openai_server: FakeOpenAI, limits: dict[str, float], expected: type[EngineError]
) -> None:
    openai_server.will(fakes.endless if "partial_images" in limits else fakes.silent(2.0))
    with pytest.raises(expected) as failed:
        await run(engine_of(openai_server, **limits), an_order(0))
    assert failed.value.retryable
    assert len(openai_server.calls) == 1


async def test_nobody_there_is_unavailable(openai_server: FakeOpenAI) -> None:
    with pytest.raises(EngineUnavailable, match="cannot be reached"):
        await run(engine_of(openai_server, base_url="http://127.0.0.1:1/v1"), an_order(0))
