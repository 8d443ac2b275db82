"""A process that dies at any point of the main job: another one ends the work, and nothing happens twice."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest

from app.core import jobs
from app.core.db import fetch
from tests.fakes.carriers import Crash, DirectQueue
from tests.fakes.crashes import CrashPoints, DyingStore, dying_at_commits, dying_at_statements
from tests.generation.workshop import Bench, assert_whole

COUNT = 2
Dying = Callable[[CrashPoints], AbstractContextManager[None]]


async def passing(dying: Dying, work: Callable[[], Awaitable[object]], at: int | None) -> int:
    """Do the work in a task of its own, dying at a point; return how many points there were."""
    points = CrashPoints(at)
    with dying(points):
        if at is None:
            await asyncio.create_task(_done(work))
        else:
            with pytest.raises(Crash):
                await asyncio.create_task(_done(work))
    return points.passed


async def _done(work: Callable[[], Awaitable[object]]) -> None:
    await work()


@pytest.mark.parametrize("dying", [dying_at_commits, dying_at_statements])
async def test_asking_survives_a_crash_at_every_point(bench: Bench, dying: Dying, queue: DirectQueue) -> None:
    number = await passing(dying, bench.create, None)
    print(f"{dying.__name__}: createGeneration has {number} points")
    assert number >= 2
    for at in range(number):
        key, before = f"crash {at}", len(await fetch("SELECT id FROM generations"))
        await passing(dying, lambda key=key: bench.create(key=key), at)  # type: ignore[misc]
        left = len(await fetch("SELECT id FROM generations"))

        generation_id = await bench.create(key=key)

        assert left in {before, before + 1}
        assert len(await fetch("SELECT id FROM generations")) == before + 1
        assert await bench.events(generation_id) == ["QUEUED"]
        await bench.recover(generation_id)
        await assert_whole(bench, generation_id, COUNT)


async def test_a_job_whose_enqueueing_crashed_is_found_by_the_dispatcher(bench: Bench, queue: DirectQueue) -> None:
    await passing(dying_at_commits, bench.create, 1)
    assert queue.sent == []

    [(name, job_id, attempt)] = await jobs.claim_due(timedelta())
    await bench.runner().run(job_id, attempt)

    assert (name, attempt) == ("interactive", 0)
    [generation] = await fetch("SELECT id FROM generations")
    await assert_whole(bench, generation["id"], COUNT)


@pytest.mark.parametrize("dying", [dying_at_commits, dying_at_statements])
async def test_making_survives_a_crash_at_every_point(bench: Bench, dying: Dying) -> None:
    async def job_alone() -> None:
        await bench.runner().run(job["id"], 0)

    generation_id = await bench.create()
    job = await bench.job(generation_id)
    number = await passing(dying, job_alone, None)
    await assert_whole(bench, generation_id, COUNT)
    print(f"{dying.__name__}: making {COUNT} pictures has {number} points")
    assert number >= 2 * (COUNT + 3)
    for at in range(number):
        generation_id = await bench.create()
        job = await bench.job(generation_id)
        await passing(dying, job_alone, at)
        assert await bench.events(generation_id) in allowed_prefixes()

        await bench.recover(generation_id)

        await assert_whole(bench, generation_id, COUNT)
        assert (await bench.job(generation_id))["failures"] <= 1


def allowed_prefixes() -> list[list[str]]:
    whole = ["QUEUED", "STARTED", *["IMAGE_READY"] * COUNT, "SUCCEEDED"]
    return [whole[:length] for length in range(1, len(whole) + 1)]


async def test_making_survives_a_crash_around_every_write_to_the_store(bench: Bench) -> None:
    store = DyingStore(bench.store)
    generation_id = await bench.create()
    await bench.attempt(generation_id, bench.runner(store=store))
    number = store.points.passed
    print(f"the store: making {COUNT} pictures has {number} points")
    assert number == COUNT * 3 * 2
    for at in range(number):
        generation_id = await bench.create()
        store.points = CrashPoints(at)
        with pytest.raises(Crash):
            await bench.attempt(generation_id, bench.runner(store=store))
        assert len(await bench.pictures("PENDING")) == 1

        await bench.recover(generation_id)

        await assert_whole(bench, generation_id, COUNT)


async def test_two_crashes_in_a_row_are_survived_too(bench: Bench) -> None:
    generation_id = await bench.create(count=3)
    job = await bench.job(generation_id)
    for at in (4, 4):

        async def attempt() -> None:
            row = await bench.job(generation_id)
            await bench.runner().run(job["id"], row["attempt"])

        await passing(dying_at_commits, attempt, at)
        await bench.lapse(generation_id)

    await bench.recover(generation_id)

    await assert_whole(bench, generation_id, 3)
    assert (await bench.job(generation_id))["failures"] == 2
