"""A worker whose lease is another's stops and changes nothing; one that is told to stop gives its work back."""

import asyncio
from datetime import timedelta

import pytest

from app.core.db import execute, fetch
from app.media.service import delete_bytes
from tests.fakes.carriers import DirectQueue
from tests.fakes.gates import GatedEngine
from tests.generation.workshop import Bench, assert_whole


@pytest.fixture
def gated(bench: Bench) -> GatedEngine:
    """The bench's engine: it waits in the middle of its work."""
    engine = GatedEngine()
    bench.engines = [engine]
    return engine


async def test_a_worker_that_lost_its_lease_throws_its_picture_away(bench: Bench, gated: GatedEngine) -> None:
    generation_id = await bench.create(engine="gated")
    job = await bench.job(generation_id)
    first = asyncio.create_task(bench.runner().run(job["id"], 0))
    async with asyncio.timeout(20):
        await gated.arrived.wait()
        await execute("UPDATE jobs SET attempt = attempt + 1")
        before = await everything(bench)
        gated.go.set()
        await first

    assert await everything(bench) == before
    assert await bench.pictures("PENDING") == set()
    assert await bench.objects() == {}
    assert gated.closed == 1


async def everything(bench: Bench) -> list[object]:
    tables = ("jobs", "generations", "generated_images", "feed_entries", "pictures")
    return [await fetch(f"SELECT * FROM {table} ORDER BY id") for table in tables]


async def test_a_thief_ends_the_work_and_the_first_worker_that_wakes_late_adds_nothing(
    bench: Bench, gated: GatedEngine
) -> None:
    generation_id = await bench.create(engine="gated")
    job = await bench.job(generation_id)
    async with asyncio.timeout(20):
        first = asyncio.create_task(bench.runner().run(job["id"], 0))
        await gated.arrived.wait()
        gated.arrived.clear()
        await bench.lapse(generation_id)
        second = asyncio.create_task(bench.runner().run(job["id"], 1))
        await gated.arrived.wait()
        gated.go.set()
        await asyncio.gather(first, second)

    await assert_whole(bench, generation_id, 2)
    assert [order.indexes for order in gated.calls] == [(0, 1), (0, 1)]
    assert (await bench.job(generation_id))["attempt"] == 2


async def test_a_worker_whose_engine_hangs_stops_when_the_renewal_finds_the_lease_gone(
    bench: Bench, gated: GatedEngine
) -> None:
    generation_id = await bench.create(engine="gated")
    job = await bench.job(generation_id)
    async with asyncio.timeout(20):
        first = asyncio.create_task(bench.runner(renewal=0.02).run(job["id"], 0))
        await gated.arrived.wait()
        await execute("UPDATE jobs SET attempt = attempt + 1")
        before = await everything(bench)
        await first

    assert gated.closed == 1
    assert await everything(bench) == before


async def test_a_worker_that_is_stopped_gives_the_generation_back_and_another_one_ends_it(
    bench: Bench, gated: GatedEngine, queue: DirectQueue
) -> None:
    generation_id = await bench.create(engine="gated")
    job = await bench.job(generation_id)
    async with asyncio.timeout(20):
        running = asyncio.create_task(bench.runner().run(job["id"], 0))
        await gated.arrived.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        given_back = await bench.job(generation_id)
        gated.go.set()
        await bench.runner().run(job["id"], 1)

    assert (given_back["state"], given_back["failures"], given_back["lease_until"]) == ("QUEUED", 0, None)
    assert queue.sent == [("interactive", job["id"], 0), ("interactive", job["id"], 1)]
    assert gated.closed == 2
    await assert_whole(bench, generation_id, 2)


async def test_a_generation_whose_workers_always_die_ends_with_a_reason(bench: Bench, gated: GatedEngine) -> None:
    generation_id = await bench.create(engine="gated")
    job = await bench.job(generation_id)
    for attempt in range(4):
        dying = asyncio.create_task(bench.runner().run(job["id"], attempt))
        async with asyncio.timeout(20):
            await gated.arrived.wait()
        gated.arrived.clear()
        await execute("UPDATE jobs SET attempt = attempt + 1")  # so that the cancelled task gives nothing back
        dying.cancel()
        await asyncio.gather(dying, return_exceptions=True)
        await execute("UPDATE jobs SET attempt = attempt - 1, lease_until = now() - interval '1 second'")

    await bench.runner().run(job["id"], 4)

    generation, after = await bench.generation(generation_id), await bench.job(generation_id)
    assert (generation["status"], generation["failure_code"]) == ("FAILED", "ENGINE_UNAVAILABLE")
    assert "after several tries" in generation["failure_message"]
    assert (after["state"], after["failures"], after["error"]) == ("FAILED", 4, "ENGINE_UNAVAILABLE")
    assert await bench.events(generation_id) == ["QUEUED", "STARTED", "FAILED"]
    assert len(gated.calls) == 4


async def test_a_picture_that_was_kept_is_never_swept(bench: Bench, gated: GatedEngine) -> None:
    gated.go.set()
    generation_id = await bench.create(engine="gated")
    await bench.attempt(generation_id)

    assert await delete_bytes(bench.store, timedelta()) == 0
    await assert_whole(bench, generation_id, 2)
