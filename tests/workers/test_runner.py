"""The runner: leases, fences, retries, and ends. Whatever a job does, its row comes to an end."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from app.core import jobs
from app.core.db import Row, after_commit, execute, fetch_one, transaction
from app.core.jobs import JobKind, Lease
from app.generation.engines.base import EngineUnavailable
from tests.fakes.carriers import DirectQueue
from tests.fakes.statements import counted
from tests.fakes.waiting import until
from workers.context import WorkerContext
from workers.handlers import Handler
from workers.runner import MAX_RETRY_AFTER, MAX_RETRY_DELAY, Runner

KIND = JobKind("tests.work", queue="default", max_failures=3)
Work = Callable[[WorkerContext, Lease], Awaitable[None]]
RELAXED = {"job_renewal": 0.02, "job_lease": 5.0, "job_retry_delay": 10.0}
MakeRunner = Callable[[Handler], Runner]


@pytest.fixture
def runner_of(worker_context: WorkerContext, database: str) -> MakeRunner:
    """Makes a runner that does `tests.work` with a handler."""

    def make(handler: Handler) -> Runner:
        work = worker_context.settings.model_copy(
            update={"job_renewal": 0.02, "job_lease": 5.0, "job_retry_delay": 10.0}
        )
        return Runner(replace(worker_context, settings=work), {KIND.name: KIND}, {KIND.name: handler})

    return make


async def recorded(kind: JobKind = KIND) -> UUID:
    async with transaction():
        return await jobs.record(kind, {})


async def row(job_id: UUID) -> Row:
    found = await fetch_one("SELECT *, run_after - dispatched_at AS delay FROM jobs WHERE id = $1", job_id)
    assert found is not None
    return found


async def due(job_id: UUID) -> int:
    """Let the time until the next try pass; return the attempt to send."""
    await execute("UPDATE jobs SET run_after = now() WHERE id = $1", job_id)
    return int((await row(job_id))["attempt"])


async def done(_: WorkerContext, lease: Lease) -> None:
    await jobs.complete(lease)


async def fails(_: WorkerContext, _lease: Lease) -> None:
    raise KeyError("a bug, with a secret in its text")


async def test_a_job_that_works_is_done(runner_of: MakeRunner) -> None:
    job_id = await recorded()
    await runner_of(Handler(done)).run(job_id, 0)
    assert (await row(job_id))["state"] == "SUCCEEDED"


async def test_a_job_that_always_fails_is_tried_with_growing_pauses_and_given_up(runner_of: MakeRunner) -> None:
    job_id, runner = await recorded(), runner_of(Handler(fails))
    delays = []
    for _ in range(2):
        await runner.run(job_id, await due(job_id))
        after = await row(job_id)
        assert after["state"] == "QUEUED"
        delays.append(after["delay"].total_seconds())
    await runner.run(job_id, await due(job_id))

    after = await row(job_id)
    assert (after["state"], after["attempt"], after["error"]) == ("FAILED", 3, "KeyError")
    assert 8 <= delays[0] <= 12
    assert 16 <= delays[1] <= 24


async def test_pauses_are_bounded(runner_of: MakeRunner) -> None:
    job_id = await recorded()
    patient = JobKind(KIND.name, KIND.queue, max_failures=100)
    await execute("UPDATE jobs SET failures = 50")
    context = runner_of(Handler(fails)).context
    await Runner(context, {KIND.name: patient}, {KIND.name: Handler(fails)}).run(job_id, 0)

    assert (await row(job_id))["delay"].total_seconds() <= MAX_RETRY_DELAY * 1.2


@pytest.mark.parametrize(("asked", "waits"), [(90.0, 90), (0.5, 8), (86_400.0, MAX_RETRY_AFTER)])
async def test_a_job_waits_as_long_as_it_is_asked_to_within_bounds(
    runner_of: MakeRunner, asked: float, waits: float
) -> None:
    async def busy(_: WorkerContext, _lease: Lease) -> None:
        raise EngineUnavailable("Busy.", retry_after=asked)

    job_id = await recorded()
    await runner_of(Handler(busy)).run(job_id, 0)

    assert waits <= (await row(job_id))["delay"].total_seconds() <= waits * 1.5


async def test_the_end_of_a_job_that_failed_is_told_to_its_domain(runner_of: MakeRunner) -> None:
    told: list[Exception | None] = []

    async def exhausted(_: WorkerContext, lease: Lease, cause: Exception | None) -> None:
        told.append(cause)
        await jobs.give_up(lease, "TOLD")

    job_id, runner = await recorded(), runner_of(Handler(fails, exhausted))
    for _ in range(3):
        await runner.run(job_id, await due(job_id))

    assert [type(cause) for cause in told] == [KeyError]
    assert ((await row(job_id))["state"], (await row(job_id))["error"]) == ("FAILED", "TOLD")


async def test_a_row_whose_workers_always_die_ends_with_a_reason(runner_of: MakeRunner) -> None:
    job_id, runner = await recorded(), runner_of(Handler(done))
    for attempt in range(3):
        assert await jobs.take(job_id, attempt, timedelta(seconds=-1)) is not None

    await runner.run(job_id, 3)

    after = await row(job_id)
    assert (after["state"], after["error"], after["failures"]) == ("FAILED", "WORKERS_DIED", 3)


async def test_no_line_holds_the_text_of_a_bug(runner_of: MakeRunner) -> None:
    job_id, runner = await recorded(), runner_of(Handler(fails))
    with capture_logs() as lines:
        for _ in range(3):
            await runner.run(job_id, await due(job_id))
    assert [line["event"] for line in lines] == ["job.failed", "job.failed", "job.given_up"]
    assert {line["code"] for line in lines} == {"KeyError"}
    assert "secret" not in repr(lines)


async def test_the_lease_is_renewed_while_the_work_goes_on(runner_of: MakeRunner) -> None:
    finish = asyncio.Event()

    async def slow(_: WorkerContext, lease: Lease) -> None:
        await finish.wait()
        await jobs.complete(lease)

    job_id = await recorded()
    running = asyncio.create_task(runner_of(Handler(slow)).run(job_id, 0))

    async def taken() -> bool:
        return bool((await row(job_id))["state"] == "RUNNING")

    async def renewed() -> bool:
        return bool((await row(job_id))["lease_until"] > first)

    await until(taken)
    first = (await row(job_id))["lease_until"]
    await until(renewed)
    finish.set()
    await running
    assert (await row(job_id))["state"] == "SUCCEEDED"


async def test_a_renewal_that_meets_the_end_of_the_work_does_not_cut_off_what_follows_its_commit(
    runner_of: MakeRunner,
) -> None:
    renewed, told = asyncio.Event(), asyncio.Event()

    def note(statement: str) -> None:
        if statement.startswith("UPDATE jobs SET lease_until"):
            renewed.set()

    async def tell() -> None:
        for _ in range(2):  # the first may have begun before the commit
            renewed.clear()
            await renewed.wait()
        told.set()

    async def work(_: WorkerContext, lease: Lease) -> None:
        async with transaction():
            await jobs.complete(lease)
            after_commit(tell)

    job_id = await recorded()
    with counted(note), capture_logs() as lines:
        async with asyncio.timeout(20):
            await runner_of(Handler(work)).run(job_id, 0)

    assert told.is_set()
    assert [line["event"] for line in lines] == ["job.done"]


async def test_a_worker_that_lost_its_lease_stops_and_changes_nothing(runner_of: MakeRunner) -> None:
    stopped, started = asyncio.Event(), asyncio.Event()

    async def endless(_: WorkerContext, _lease: Lease) -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    job_id = await recorded()
    running = asyncio.create_task(runner_of(Handler(endless)).run(job_id, 0))
    async with asyncio.timeout(20):
        await started.wait()
        await execute("UPDATE jobs SET attempt = attempt + 1 WHERE id = $1", job_id)
        await running

    assert stopped.is_set()
    after = await row(job_id)
    assert (after["state"], after["attempt"], after["failures"], after["error"]) == ("RUNNING", 2, 0, None)


async def test_a_worker_that_is_stopped_gives_the_row_back_and_it_is_enqueued_again(
    runner_of: MakeRunner, queue: DirectQueue
) -> None:
    started = asyncio.Event()

    async def endless(_: WorkerContext, _lease: Lease) -> None:
        started.set()
        await asyncio.Event().wait()

    job_id = await recorded()
    running = asyncio.create_task(runner_of(Handler(endless)).run(job_id, 0))
    async with asyncio.timeout(20):
        await started.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    after = await row(job_id)
    assert (after["state"], after["failures"], after["lease_until"]) == ("QUEUED", 0, None)
    assert queue.sent == [("default", job_id, 0), ("default", job_id, 1)]
    await runner_of(Handler(done)).run(job_id, 1)
    assert (await row(job_id))["state"] == "SUCCEEDED"


async def test_a_worker_that_is_stopped_when_the_work_is_done_leaves_it_done(runner_of: MakeRunner) -> None:
    completed = asyncio.Event()

    async def lingers(_: WorkerContext, lease: Lease) -> None:
        await jobs.complete(lease)
        completed.set()
        await asyncio.Event().wait()

    job_id = await recorded()
    running = asyncio.create_task(runner_of(Handler(lingers)).run(job_id, 0))
    async with asyncio.timeout(20):
        await completed.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    assert (await row(job_id))["state"] == "SUCCEEDED"


async def test_a_job_that_cancels_itself_has_failed(runner_of: MakeRunner) -> None:
    async def cancels(_: WorkerContext, _lease: Lease) -> None:
        raise asyncio.CancelledError

    job_id = await recorded()
    await runner_of(Handler(cancels)).run(job_id, 0)

    after = await row(job_id)
    assert (after["state"], after["failures"], after["error"]) == ("QUEUED", 1, "StrayCancellation")


async def test_a_row_that_is_taken_or_over_or_gone_is_left_alone(runner_of: MakeRunner) -> None:
    ran: list[int] = []

    async def counts(_: WorkerContext, lease: Lease) -> None:
        ran.append(lease.attempt)
        await jobs.complete(lease)

    job_id, runner = await recorded(), runner_of(Handler(counts))
    for attempt in (0, 0, 1, 7):
        await runner.run(job_id, attempt)
    await runner.run(UUID(int=0), 0)
    assert ran == [1]


async def test_a_row_of_a_kind_that_this_worker_does_not_know_waits_for_one_that_does(runner_of: MakeRunner) -> None:
    """As during a deployment: the new web server records it, an old worker takes it."""
    job_id = await recorded(JobKind("tests.newer", queue="default"))
    await runner_of(Handler(done)).run(job_id, 0)

    after = await row(job_id)
    assert (after["state"], after["attempt"], after["failures"]) == ("QUEUED", 1, 0)
    assert after["delay"].total_seconds() == MAX_RETRY_DELAY


async def test_a_database_that_fails_is_no_reason_to_raise_its_text(runner_of: MakeRunner) -> None:
    job_id, runner = await recorded(), runner_of(Handler(done))
    await execute("ALTER TABLE jobs RENAME TO gone")
    with capture_logs() as lines:
        await runner.run(job_id, 0)
    assert [(line["event"], line["error"]) for line in lines] == [("job.broken_off", "OperationalError")]


async def test_an_end_that_cannot_be_recorded_leaves_the_row_to_the_next_worker(runner_of: MakeRunner) -> None:
    async def broken(_: WorkerContext, _lease: Lease, _cause: Exception | None) -> None:
        raise KeyError("a bug, with a secret in its text")

    job_id, runner = await recorded(), runner_of(Handler(fails, broken))
    await execute("UPDATE jobs SET failures = 2")
    with capture_logs() as lines:
        await runner.run(job_id, 0)
    assert [line["event"] for line in lines] == ["job.given_up", "job.broken_off"]
    assert "secret" not in repr(lines)
    assert (await row(job_id))["state"] == "RUNNING"


def test_kinds_and_handlers_must_be_the_same(worker_context: WorkerContext) -> None:
    context = worker_context
    with pytest.raises(ValueError, match=r"tests\.work"):
        Runner(context, {KIND.name: KIND}, {})
    with pytest.raises(ValueError, match=r"tests\.work"):
        Runner(context, {}, {KIND.name: Handler(done)})
