"""The dispatcher: whatever got lost on the way is sent again."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from structlog.testing import capture_logs

from app.core import jobs
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.db import execute, fetch, transaction
from app.core.jobs import JobKind
from tests.fakes.carriers import DirectQueue
from tests.fakes.waiting import until
from workers.dispatch import dispatch_forever, dispatch_once
from workers.schedule import CRON, Schedule

KIND = JobKind("tests.work", queue="bulk")
NOW = timedelta()


class BrokenQueue:
    """Valkey is away."""

    def __init__(self) -> None:
        self.tried = 0

    async def enqueue(self, queue: str, job_id: UUID, attempt: int) -> None:
        """Fail, with an address in the text."""
        self.tried += 1
        raise ConnectionError("connecting to 127.0.0.1:6379 failed")


async def recorded() -> UUID:
    async with transaction():
        return await jobs.record(KIND, {"thing": uuid4()})


async def test_each_due_row_is_sent_once_in_a_round(database: str, queue: DirectQueue) -> None:
    made = sorted([await recorded() for _ in range(5)])
    queue.sent.clear()

    assert await dispatch_once(NOW) == 5
    assert sorted(job_id for _, job_id, _ in queue.sent) == made
    assert {(name, attempt) for name, _, attempt in queue.sent} == {("bulk", 0)}
    assert await dispatch_once(timedelta(minutes=1)) == 0


async def test_several_dispatchers_send_each_row_once(database: str, queue: DirectQueue) -> None:
    made = sorted([await recorded() for _ in range(30)])
    await execute("UPDATE jobs SET dispatched_at = now() - interval '1 minute'")
    queue.sent.clear()

    rounds = await asyncio.gather(*(dispatch_once(timedelta(seconds=30)) for _ in range(5)))

    assert sum(rounds) == 30
    assert sorted(job_id for _, job_id, _ in queue.sent) == made


async def test_a_job_survives_a_carrier_that_is_away_when_it_is_recorded(database: str) -> None:
    broken, works = BrokenQueue(), DirectQueue()
    jobs.carry_with(broken)
    try:
        job_id = await recorded()
        with pytest.raises(ConnectionError):
            await dispatch_once(NOW)
        jobs.carry_with(works)
        await dispatch_once(NOW)
    finally:
        jobs.carry_with(None)

    assert broken.tried == 2
    assert works.sent == [("bulk", job_id, 0)]


async def test_a_lapsed_row_is_sent_for_its_next_attempt(database: str, queue: DirectQueue) -> None:
    job_id = await recorded()
    await jobs.take(job_id, 0, timedelta(seconds=-1))
    queue.sent.clear()
    await execute("UPDATE jobs SET dispatched_at = dispatched_at - interval '5 seconds'")

    assert await dispatch_once(timedelta(minutes=1)) == 1
    assert queue.sent == [("bulk", job_id, 1)]


async def test_the_dispatcher_goes_on_after_a_round_that_failed(
    database: str, settings: Settings, queue: DirectQueue
) -> None:
    quick = settings.work.model_copy(update={"dispatch_interval": 0.01, "job_redispatch": 0.01})
    job_id = await recorded()
    queue.sent.clear()
    await execute("ALTER TABLE jobs RENAME TO gone")
    with capture_logs() as lines:
        dispatching = asyncio.create_task(dispatch_forever(quick, Schedule(SystemClock(), ())))
        try:

            async def failed() -> bool:
                return bool(lines)

            async def sent() -> bool:
                return ("bulk", job_id, 0) in queue.sent

            await until(failed)
            await execute("ALTER TABLE gone RENAME TO jobs")
            await until(sent)
        finally:
            dispatching.cancel()
            with suppress(asyncio.CancelledError):
                await dispatching

    assert lines[0] == {"event": "dispatch.failed", "error": "OperationalError", "log_level": "warning"}


async def test_the_dispatcher_records_what_the_clock_asks_for_and_sends_it(
    database: str, settings: Settings, queue: DirectQueue
) -> None:
    quick = settings.work.model_copy(update={"dispatch_interval": 0.01, "job_redispatch": 60.0})
    dispatching = asyncio.create_task(dispatch_forever(quick, Schedule(SystemClock())))
    try:

        async def sent() -> bool:
            return len(queue.sent) == len(CRON)

        await until(sent)
    finally:
        dispatching.cancel()
        with suppress(asyncio.CancelledError):
            await dispatching

    kinds = {row["kind"] for row in await fetch("SELECT kind FROM jobs")}
    assert kinds == {entry.kind.name for entry in CRON}
