"""What becomes of a generation, whatever its engine does."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta

import pytest

from app.core import jobs
from app.core.db import execute, fetch
from app.core.feed import Signal
from app.gallery.service import publish
from app.generation.engines.base import Compute, Event, Order
from app.generation.engines.registry import Engines
from app.generation.fulfilment import Studio, run_generation
from app.media.service import delete_bytes
from tests.conftest import SUBJECT_KEY, inline
from tests.fakes.carriers import LocalSignals
from tests.fakes.consents import purpose_limitation
from tests.fakes.engines import FaultyEngine, SlowEngine
from tests.fakes.gates import GatedEngine
from tests.generation.workshop import Bench, assert_whole

SECRET = "with a secret"


async def test_a_generation_is_made_once_and_says_so_once(bench: Bench, faulty: FaultyEngine) -> None:
    generation_id = await bench.create(count=3)

    job = await bench.attempt(generation_id)

    await assert_whole(bench, generation_id, 3)
    assert (job["attempt"], job["failures"], job["error"]) == (1, 0, None)
    generation = await bench.generation(generation_id)
    assert generation["notes"] == '["It paints one colour only."]'
    assert generation["created_at"] <= generation["started_at"] <= generation["finished_at"]
    assert [(order.key, order.indexes, order.seed) for order in faulty.calls] == [(str(generation_id), (0, 1, 2), 7)]


async def test_a_job_that_is_carried_twice_is_done_once(bench: Bench, faulty: FaultyEngine) -> None:
    generation_id = await bench.create()
    job = await bench.job(generation_id)

    await asyncio.gather(*(bench.runner().run(job["id"], 0) for _ in range(4)))

    await assert_whole(bench, generation_id, 2)
    assert len(faulty.calls) == 1


async def test_a_generation_that_ended_already_only_ends_the_job(bench: Bench, faulty: FaultyEngine) -> None:
    generation_id = await bench.create()
    await execute("UPDATE generations SET status = 'CANCELED' WHERE id = $1", generation_id)

    job = await bench.attempt(generation_id)

    assert job["state"] == "SUCCEEDED"
    assert faulty.calls == []
    assert await bench.events(generation_id) == ["QUEUED"]


async def test_a_generation_that_is_gone_only_ends_the_job(bench: Bench, faulty: FaultyEngine) -> None:
    generation_id = await bench.create()
    await execute("DELETE FROM generations WHERE id = $1", generation_id)

    assert (await bench.attempt(generation_id))["state"] == "SUCCEEDED"
    assert faulty.calls == []


async def test_an_engine_that_is_no_longer_configured_fails_with_a_reason(bench: Bench) -> None:
    generation_id = await bench.create()
    bench.engines = [SlowEngine()]

    job = await bench.attempt(generation_id)

    generation = await bench.generation(generation_id)
    assert (generation["status"], generation["failure_code"]) == ("FAILED", "ENGINE_UNAVAILABLE")
    assert "no longer offered" in generation["failure_message"]
    assert (generation["failure_retryable"], job["state"], job["attempt"]) == (False, "FAILED", 1)
    assert await bench.events(generation_id) == ["QUEUED", "STARTED", "FAILED"]


@pytest.mark.parametrize(
    ("prompt", "code", "attempts", "retryable"),
    [
        ("unavailable person", "ENGINE_UNAVAILABLE", 4, True),
        ("garbage person", "ENGINE_BAD_OUTPUT", 4, True),
        ("small person", "ENGINE_BAD_OUTPUT", 4, True),
        ("refused person", "CONTENT_REJECTED", 1, False),
        ("all-flagged person", "CONTENT_REJECTED", 1, False),
        ("short person", "ENGINE_FAILED", 1, False),
        ("bug person", "ENGINE_UNAVAILABLE", 4, True),
    ],
)
async def test_what_fails_ends_with_a_reason_after_its_tries(
    bench: Bench, faulty: FaultyEngine, prompt: str, code: str, attempts: int, retryable: bool
) -> None:
    generation_id = await bench.create(prompt)
    for attempt in range(1, attempts + 1):
        job = await bench.attempt(generation_id)
        assert (job["attempt"], job["state"]) == (attempt, "QUEUED" if attempt < attempts else "FAILED")

    generation = await bench.generation(generation_id)
    assert (generation["status"], generation["failure_code"]) == ("FAILED", code)
    assert generation["failure_retryable"] is retryable
    assert generation["failure_message"].endswith(".")
    assert job["error"] == code
    assert len(faulty.calls) == attempts
    events = await bench.events(generation_id)
    assert events.count("FAILED") == events.count("STARTED") == 1
    assert events[-1] == "FAILED"


async def test_an_engine_that_stops_short_keeps_what_it_made(bench: Bench) -> None:
    generation_id = await bench.create("short person", count=3)
    await bench.attempt(generation_id)

    assert [image["index"] for image in await bench.images(generation_id)] == [0]
    assert await bench.events(generation_id) == ["QUEUED", "STARTED", "IMAGE_READY", "FAILED"]
    [entry] = await fetch("SELECT progress FROM feed_entries WHERE type = 'FAILED'")
    assert entry["progress"] == pytest.approx(1 / 3)
    assert len(await bench.pictures("STORED")) == 1


async def test_a_flagged_picture_is_recorded_and_the_others_are_kept(bench: Bench) -> None:
    generation_id = await bench.create("flagged person", count=3)
    await bench.attempt(generation_id)

    flagged, *kept = await bench.images(generation_id)
    assert (flagged["picture_id"], flagged["rejected_stage"]) == (None, "output")
    assert flagged["rejected_categories"] == '["nudity"]'
    assert all(image["picture_id"] for image in kept)
    assert (await bench.generation(generation_id))["status"] == "SUCCEEDED"
    assert len(await bench.pictures("STORED")) == 2


async def test_pictures_that_are_all_flagged_leave_no_picture(bench: Bench) -> None:
    generation_id = await bench.create("all-flagged person")
    await bench.attempt(generation_id)

    assert [image["picture_id"] for image in await bench.images(generation_id)] == [None, None]
    assert await bench.pictures("STORED") | await bench.pictures("PENDING") == set()
    assert await bench.objects() == {}


async def test_what_is_no_picture_is_not_stored(bench: Bench) -> None:
    for prompt in ("garbage person", "small person"):
        await bench.attempt(await bench.create(prompt))
    assert await bench.objects() == {}
    assert await bench.pictures("STORED") | await bench.pictures("PENDING") == set()


async def test_an_engine_that_broke_off_is_asked_only_for_what_is_missing(bench: Bench, faulty: FaultyEngine) -> None:
    generation_id = await bench.create("once a person", count=3)
    await bench.attempt(generation_id)
    await bench.attempt(generation_id)

    assert [order.indexes for order in faulty.calls] == [(0, 1, 2), (1, 2)]
    await assert_whole(bench, generation_id, 3)


async def test_the_text_of_a_bug_is_in_no_row(bench: Bench) -> None:
    generation_id = await bench.create("bug person")
    for _ in range(4):
        await bench.attempt(generation_id)

    tables = [row["name"] for row in await fetch("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")]
    assert {"jobs", "generations", "feed_entries"} <= set(tables)
    for table in tables:
        assert await fetch(f"SELECT 1 FROM {table} AS row WHERE row::text LIKE $1", f"%{SECRET}%") == []
    assert (await bench.generation(generation_id))["status"] == "FAILED"


async def test_progress_never_falls_within_a_generation(bench: Bench, signals: LocalSignals) -> None:
    bench.engines = [SlowEngine(steps=3, pause=0)]
    generation_id = await bench.create(engine="slow", count=3)
    await bench.attempt(generation_id)

    fractions = [
        signal.progress for signal in map(Signal.decode, signals.published) if signal.object_id == generation_id
    ]
    entries = await fetch("SELECT progress FROM feed_entries WHERE object_id = $1 ORDER BY sequence", generation_id)
    shown = [fraction for fraction in fractions if fraction]
    assert shown == sorted(shown)
    assert shown[-1] == 1.0
    assert [round(entry["progress"], 2) for entry in entries] == [0, 0, 0.33, 0.67, 1.0, 1.0]
    assert any(Signal.decode(message).preview for message in signals.published)


async def test_an_unreadable_preview_is_dropped_and_the_picture_is_made(bench: Bench, signals: LocalSignals) -> None:
    generation_id = await bench.create(count=1)
    await bench.attempt(generation_id)

    assert not any(Signal.decode(message).preview for message in signals.published)
    await assert_whole(bench, generation_id, 1)


async def test_a_picture_that_was_not_asked_for_is_a_fault_of_the_engine(bench: Bench) -> None:
    for index in (5, -1):
        bench.engines = [Overzealous(index)]
        generation_id = await bench.create(count=1, engine="gated")
        for _ in range(4):
            await bench.attempt(generation_id)

        generation = await bench.generation(generation_id)
        assert (generation["status"], generation["failure_code"]) == ("FAILED", "ENGINE_BAD_OUTPUT")
        assert await bench.images(generation_id) == []


async def test_a_picture_that_comes_twice_is_a_fault_of_the_engine_and_kept_once(bench: Bench) -> None:
    bench.engines = [Overzealous(0, 0)]
    generation_id = await bench.create(count=2, engine="gated")
    for _ in range(4):
        await bench.attempt(generation_id)

    generation = await bench.generation(generation_id)
    assert (generation["status"], generation["failure_code"]) == ("FAILED", "ENGINE_BAD_OUTPUT")
    assert [image["index"] for image in await bench.images(generation_id)] == [0]
    await delete_bytes(bench.store, timedelta())
    assert len(await bench.objects()) == len(await bench.pictures("STORED")) == 1


class Overzealous(GatedEngine):
    """Makes the pictures of these indexes, whatever is ordered."""

    def __init__(self, *indexes: int) -> None:
        super().__init__()
        self.go.set()
        self.indexes = indexes

    def run(self, order: Order, compute: Compute) -> AsyncGenerator[Event, None]:
        return super().run(replace(order, indexes=self.indexes), compute)


async def test_the_command_does_nothing_for_a_lease_that_was_lost(bench: Bench, faulty: FaultyEngine) -> None:
    generation_id = await bench.create()
    job = await bench.job(generation_id)
    lease = await jobs.take(job["id"], 0, timedelta(seconds=10))
    assert lease is not None
    await execute("UPDATE jobs SET attempt = attempt + 1")
    studio = Studio(Engines(bench.engines), inline, bench.store, publish, SUBJECT_KEY, purpose_limitation())

    with pytest.raises(jobs.LeaseLost):
        await run_generation(lease, generation_id, studio)

    assert faulty.calls == []
    assert (await bench.generation(generation_id))["status"] == "QUEUED"
