"""The jobs table: one worker at a time, and a stale one changes nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.core import jobs
from app.core.db import Row, execute, fetch, fetch_one, transaction
from app.core.jobs import JobKind, Lease, LeaseLost
from tests.fakes.carriers import DirectQueue
from tests.fakes.sweeping import swept
from tests.fakes.waiting import until

KIND = JobKind("tests.work", queue="default")
LEASE = timedelta(seconds=10)


async def recorded(delay: timedelta = timedelta()) -> UUID:
    async with transaction():
        return await jobs.record(KIND, {"thing": uuid4()}, delay=delay)


async def taken(job_id: UUID, attempt: int = 0) -> Lease:
    lease = await jobs.take(job_id, attempt, LEASE)
    assert lease is not None
    return lease


async def lapse(job_id: UUID) -> None:
    await execute("UPDATE jobs SET lease_until = now() - interval '1 second' WHERE id = $1", job_id)


async def row(job_id: UUID) -> Row:
    found = await fetch_one("SELECT * FROM jobs WHERE id = $1", job_id)
    assert found is not None
    return found


async def test_a_job_is_enqueued_after_its_commit_and_not_before(database: str, queue: DirectQueue) -> None:
    async with transaction():
        job_id = await jobs.record(KIND, {"thing": uuid4()})
        assert queue.sent == []
    assert queue.sent == [("default", job_id, 0)]


async def test_a_job_of_a_transaction_that_fails_is_neither_recorded_nor_enqueued(
    database: str, queue: DirectQueue
) -> None:
    async def fails() -> None:
        async with transaction():
            await jobs.record(KIND, {"thing": uuid4()})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()
    assert queue.sent == []
    assert await fetch("SELECT id FROM jobs") == []


async def test_a_payload_is_ids_only_and_comes_back_with_the_lease(database: str) -> None:
    thing = uuid4()
    async with transaction():
        job_id = await jobs.record(KIND, {"thing": thing})

    lease = await taken(job_id)

    assert lease == Lease(job_id, 1, "tests.work", "default", {"thing": str(thing)}, 0)
    assert all(UUID(value) for value in lease.payload.values())


async def test_a_lease_is_taken_once(database: str) -> None:
    job_id = await recorded()
    await taken(job_id)

    assert await jobs.take(job_id, 0, LEASE) is None
    assert await jobs.take(job_id, 1, LEASE) is None
    after = await row(job_id)
    assert (after["state"], after["attempt"], after["failures"]) == ("RUNNING", 1, 0)


async def test_of_many_workers_that_take_a_row_at_once_one_gets_it(database: str) -> None:
    job_id = await recorded()

    leases = await asyncio.gather(*(jobs.take(job_id, 0, LEASE) for _ in range(8)))

    assert sum(lease is not None for lease in leases) == 1
    assert (await row(job_id))["attempt"] == 1


async def test_a_row_that_is_not_due_is_not_taken(database: str) -> None:
    job_id = await recorded(timedelta(hours=1))

    assert await jobs.take(job_id, 0, LEASE) is None

    await execute("UPDATE jobs SET run_after = now() WHERE id = $1", job_id)
    assert (await taken(job_id)).attempt == 1


async def test_a_lapsed_lease_can_be_taken_and_counts_as_a_failure(database: str) -> None:
    job_id = await recorded()
    await taken(job_id)
    await lapse(job_id)

    second = await taken(job_id, 1)

    assert (second.attempt, second.failures) == (2, 1)


async def test_of_many_workers_that_take_a_lapsed_row_one_gets_it_and_one_failure_counts(database: str) -> None:
    job_id = await recorded()
    await taken(job_id)
    await lapse(job_id)

    leases = await asyncio.gather(*(jobs.take(job_id, 1, LEASE) for _ in range(8)))

    assert [lease.failures for lease in leases if lease is not None] == [1]


async def test_renewing_prolongs_the_lease(database: str) -> None:
    lease = await taken(await recorded())
    before = (await row(lease.job_id))["lease_until"]

    await jobs.renew(lease, timedelta(minutes=5))

    assert (await row(lease.job_id))["lease_until"] - before > timedelta(minutes=4)


async def test_renewing_what_its_own_work_has_ended_is_no_loss_and_changes_nothing(database: str) -> None:
    for end in (jobs.complete, jobs.give_back, lambda lease: jobs.give_up(lease, "SPOILT")):
        lease = await taken(await recorded())
        await end(lease)
        before = await row(lease.job_id)

        await jobs.renew(lease, LEASE)

        assert await row(lease.job_id) == before


async def test_a_lapsed_lease_that_nobody_took_may_still_be_renewed(database: str) -> None:
    lease = await taken(await recorded())
    await lapse(lease.job_id)

    await jobs.renew(lease, LEASE)

    assert await jobs.take(lease.job_id, 1, LEASE) is None


async def test_completing_ends_the_row(database: str, queue: DirectQueue) -> None:
    lease = await taken(await recorded())
    await jobs.complete(lease)

    after = await row(lease.job_id)
    assert (after["state"], after["lease_until"], after["error"]) == ("SUCCEEDED", None, None)
    assert after["finished_at"] is not None
    assert await jobs.take(lease.job_id, 1, LEASE) is None


async def test_a_completion_is_undone_with_the_transaction_that_wrote_the_outcome(database: str) -> None:
    lease = await taken(await recorded())

    async def fails() -> None:
        async with transaction():
            await jobs.complete(lease)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()
    assert (await row(lease.job_id))["state"] == "RUNNING"


async def test_giving_up_keeps_the_code_of_the_error(database: str) -> None:
    lease = await taken(await recorded())
    await jobs.give_up(lease, "E" * 100)

    after = await row(lease.job_id)
    assert (after["state"], after["lease_until"], after["error"]) == ("FAILED", None, "E" * 64)
    assert after["finished_at"] is not None


async def test_giving_back_enqueues_again_at_once_and_counts_no_failure(database: str, queue: DirectQueue) -> None:
    lease = await taken(await recorded())
    await jobs.give_back(lease)

    assert queue.sent[1:] == [("default", lease.job_id, 1)]
    assert (await taken(lease.job_id, 1)).failures == 0


async def test_a_retry_counts_a_failure_and_waits(database: str, queue: DirectQueue) -> None:
    lease = await taken(await recorded())
    await jobs.retry(lease, timedelta(hours=1), "AWAY")

    after = await row(lease.job_id)
    assert (after["state"], after["failures"], after["error"], after["lease_until"]) == ("QUEUED", 1, "AWAY", None)
    assert after["run_after"] - after["dispatched_at"] == timedelta(hours=1)
    assert len(queue.sent) == 1
    assert await jobs.take(lease.job_id, 1, LEASE) is None


async def test_a_retry_without_delay_is_enqueued_at_once(database: str, queue: DirectQueue) -> None:
    lease = await taken(await recorded())
    await jobs.retry(lease, timedelta(), "AWAY")

    assert queue.sent[1:] == [("default", lease.job_id, 1)]
    assert (await taken(lease.job_id, 1)).failures == 1


STALE: dict[str, Callable[[Lease], Awaitable[None]]] = {
    "renew": lambda lease: jobs.renew(lease, LEASE),
    "hold": jobs.hold,
    "complete": jobs.complete,
    "give_up": lambda lease: jobs.give_up(lease, "STALE"),
    "give_back": jobs.give_back,
    "retry": lambda lease: jobs.retry(lease, timedelta(), "STALE"),
}


@pytest.mark.parametrize("name", STALE)
async def test_a_stale_attempt_changes_nothing(name: str, database: str, queue: DirectQueue) -> None:
    first = await taken(await recorded())
    await lapse(first.job_id)
    await taken(first.job_id, 1)
    before = await row(first.job_id)

    with pytest.raises(LeaseLost):
        await STALE[name](first)

    assert await row(first.job_id) == before
    assert len(queue.sent) == 1


@pytest.mark.parametrize("name", sorted(STALE.keys() - {"renew"}))
async def test_a_finished_row_does_not_change_any_more(name: str, database: str, queue: DirectQueue) -> None:
    lease = await taken(await recorded())
    await jobs.complete(lease)
    before = await row(lease.job_id)

    with pytest.raises(LeaseLost):
        await STALE[name](lease)

    assert await row(lease.job_id) == before


async def test_holding_keeps_other_workers_out_until_the_commit(database: str) -> None:
    lease = await taken(await recorded())
    await lapse(lease.job_id)
    held, finish = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        async with transaction():
            await jobs.hold(lease)
            held.set()
            await finish.wait()
            await jobs.complete(lease)

    worker = asyncio.create_task(work())
    async with asyncio.timeout(20):
        await held.wait()
        thief = asyncio.create_task(jobs.take(lease.job_id, 1, LEASE))
        await until(lambda: fetch("SELECT pid FROM pg_locks WHERE NOT granted"))
        finish.set()
        await worker
        assert await thief is None
    assert (await row(lease.job_id))["state"] == "SUCCEEDED"


async def test_a_recurring_job_is_recorded_once_for_each_occasion(database: str) -> None:
    await asyncio.gather(*(jobs.record_once(KIND, "7") for _ in range(6)))
    await jobs.record_once(KIND, "8")
    await jobs.record_once(JobKind("tests.other", queue="default"), "7")

    rows = await fetch("SELECT kind, payload FROM jobs ORDER BY kind")
    assert [found["kind"] for found in rows] == ["tests.other", "tests.work", "tests.work"]
    assert {found["payload"] for found in rows} == {"{}"}


async def test_a_recurring_job_that_ended_is_not_recorded_again_for_its_occasion(database: str) -> None:
    await jobs.record_once(KIND, "7")
    [(_, job_id, attempt)] = await jobs.claim_due(LEASE)
    await jobs.complete(await taken(job_id, attempt))

    await jobs.record_once(KIND, "7")

    assert await jobs.claim_due(timedelta()) == []


async def test_rows_that_ended_long_ago_are_deleted_in_batches(database: str) -> None:
    ended = [await recorded() for _ in range(3)]
    for job_id in ended:
        await jobs.complete(await taken(job_id))
    young, open_row = await recorded(), await recorded()
    await jobs.complete(await taken(young))
    await execute("UPDATE jobs SET finished_at = now() - interval '8 days' WHERE id = ANY($1)", ended)
    await execute("UPDATE jobs SET created_at = now() - interval '9 days' WHERE id = $1", open_row)

    deleted = [await swept("jobs", limit=2) for _ in range(3)]

    assert deleted == [2, 1, 0]
    assert {found["id"] for found in await fetch("SELECT id FROM jobs")} == {young, open_row}
