"""What the dispatcher finds: whatever should be worked on and is not."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

from app.core import jobs
from app.core.db import execute, transaction
from app.core.jobs import JobKind

KIND = JobKind("tests.work", queue="bulk")
REDISPATCH = timedelta(seconds=5)
LEASE = timedelta(seconds=10)


async def recorded(delay: timedelta = timedelta()) -> UUID:
    async with transaction():
        return await jobs.record(KIND, {"thing": uuid4()}, delay=delay)


async def later(seconds: float) -> None:
    """Move every row's past by that much, as waiting would."""
    await execute(
        """UPDATE jobs SET dispatched_at = dispatched_at - $1::interval, run_after = run_after - $1::interval,
                  lease_until = lease_until - $1::interval""",
        timedelta(seconds=seconds),
    )


async def test_a_row_that_was_just_enqueued_is_left_alone(database: str) -> None:
    await recorded()
    assert await jobs.claim_due(REDISPATCH) == []


async def test_a_row_whose_enqueueing_was_lost_is_found_after_the_redispatch_interval(database: str) -> None:
    job_id = await recorded()
    await later(4.0)
    assert await jobs.claim_due(REDISPATCH) == []
    await later(1.1)
    assert await jobs.claim_due(REDISPATCH) == [("bulk", job_id, 0)]


async def test_a_claimed_row_is_claimed_again_only_after_another_interval(database: str) -> None:
    job_id = await recorded()
    await later(6.0)
    assert len(await jobs.claim_due(REDISPATCH)) == 1
    assert await jobs.claim_due(REDISPATCH) == []
    await later(5.1)
    assert await jobs.claim_due(REDISPATCH) == [("bulk", job_id, 0)]


async def test_a_delayed_row_is_found_as_soon_as_it_is_due(database: str) -> None:
    job_id = await recorded(timedelta(seconds=2))
    await later(1.0)
    assert await jobs.claim_due(REDISPATCH) == []
    await later(1.1)
    assert await jobs.claim_due(REDISPATCH) == [("bulk", job_id, 0)]
    assert await jobs.claim_due(REDISPATCH) == []


async def test_a_retry_is_found_as_soon_as_it_is_due(database: str) -> None:
    lease = await jobs.take(await recorded(), 0, LEASE)
    assert lease is not None
    await jobs.retry(lease, timedelta(seconds=1), "AWAY")
    assert await jobs.claim_due(REDISPATCH) == []
    await later(1.1)
    assert await jobs.claim_due(REDISPATCH) == [("bulk", lease.job_id, 1)]


async def test_a_lapsed_lease_is_found_at_once_and_once(database: str) -> None:
    job_id = await recorded()
    await jobs.take(job_id, 0, timedelta(seconds=1))
    assert await jobs.claim_due(REDISPATCH) == []
    await later(1.1)
    assert await jobs.claim_due(REDISPATCH) == [("bulk", job_id, 1)]
    assert await jobs.claim_due(REDISPATCH) == []


async def test_a_lease_that_is_kept_and_a_row_that_ended_are_not_found(database: str) -> None:
    for ending in (jobs.complete, lambda lease: jobs.give_up(lease, "AWAY")):
        lease = await jobs.take(await recorded(), 0, LEASE)
        assert lease is not None
        await ending(lease)
    await jobs.take(await recorded(), 0, timedelta(hours=1))
    await later(60)

    assert await jobs.claim_due(REDISPATCH) == []


async def test_a_recurring_row_is_found_at_once(database: str) -> None:
    await jobs.record_once(KIND, "7")
    assert [(queue, attempt) for queue, _, attempt in await jobs.claim_due(REDISPATCH)] == [("bulk", 0)]


async def test_each_row_goes_to_one_of_several_dispatchers(database: str) -> None:
    expected = sorted([await recorded() for _ in range(40)])
    await later(6.0)

    claims = await asyncio.gather(*(jobs.claim_due(REDISPATCH) for _ in range(6)))

    assert sorted(job_id for claim in claims for _, job_id, _ in claim) == expected


async def test_a_dispatcher_skips_what_another_one_is_claiming(database: str) -> None:
    job_id = await recorded()
    await later(6.0)
    claimed, done = asyncio.Event(), asyncio.Event()

    async def first() -> list[tuple[str, UUID, int]]:
        async with transaction():
            found = await jobs.claim_due(REDISPATCH)
            claimed.set()
            await done.wait()
        return found

    task = asyncio.create_task(first())
    async with asyncio.timeout(20):
        await claimed.wait()
        assert await jobs.claim_due(REDISPATCH) == []
        done.set()
        assert await task == [("bulk", job_id, 0)]


async def test_a_claim_is_bounded_and_the_oldest_come_first(database: str) -> None:
    await execute(
        """INSERT INTO jobs (id, kind, queue, payload, run_after, dispatched_at, created_at)
           SELECT gen_random_uuid(), 'tests.work', 'bulk', '{}', now() - interval '1 minute', '-infinity', now()
           FROM generate_series(1, $1)""",
        jobs.DISPATCH_BATCH + 1,
    )
    oldest = await recorded()
    await later(600)
    await execute("UPDATE jobs SET run_after = run_after - interval '1 day' WHERE id = $1", oldest)

    first = await jobs.claim_due(REDISPATCH)
    second = await jobs.claim_due(REDISPATCH)

    assert (len(first), len(second)) == (jobs.DISPATCH_BATCH, 2)
    assert oldest in {job_id for _, job_id, _ in first}
