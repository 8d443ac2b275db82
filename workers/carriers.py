"""ARQ workers, one per queue, in one process. They carry ids; everything that matters is decided by the runner."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, cast
from uuid import UUID

import structlog
from arq.typing import WorkerCoroutine
from arq.worker import Worker, func
from redis.exceptions import RedisError

from app.integrations import valkey
from workers.runner import Runner

QUEUES = ("interactive", "default", "bulk")
POLL_DELAY = 0.02
"""Seconds; ARQ's default of 0.5 makes the median start 360 ms late."""
QUEUE_READ_LIMIT = 500
"""More than the jobs that run in the whole cluster, else a free worker sees only rows that others run."""
CARRY_TIMEOUT = 24 * 3600
"""Seconds. Leases end jobs, not ARQ."""
CLOSE_TIMEOUT = 1.0
"""Seconds that saying goodbye to Valkey may take; one that is away would be asked 30 times."""
RESTART_DELAY = 0.5
"""Seconds between attempts to reach a Valkey that stays away."""

log = structlog.get_logger(__name__)


def build(queue: str, url: str, runner: Runner, concurrency: int) -> Worker:
    """Return ARQ's worker for one queue. Raises ConfigurationError for a bad URL."""

    async def run_job(_context: dict[Any, Any], job_id: str, attempt: int) -> None:
        await runner.run(UUID(job_id), attempt)

    return Worker(
        functions=[
            func(
                cast(WorkerCoroutine, run_job),
                name=valkey.FUNCTION,
                timeout=CARRY_TIMEOUT,
                max_tries=1_000_000,
                keep_result=0,
            )
        ],
        queue_name=valkey.queue_name(queue),
        redis_settings=valkey.arq_settings(url),
        handle_signals=False,
        max_jobs=concurrency,
        poll_delay=POLL_DELAY,
        queue_read_limit=QUEUE_READ_LIMIT,
        health_check_interval=10,
        retry_jobs=False,
        job_serializer=valkey.serialize,
        job_deserializer=valkey.deserialize,
        log_results=False,
    )


async def carry(workers: Sequence[Worker], stop: asyncio.Event, grace: float) -> None:
    """Run until `stop`; then take nothing new, wait `grace` seconds for what runs, and give the rest back."""
    loops = [asyncio.create_task(_restarting(worker)) for worker in workers]
    try:
        await stop.wait()
        for worker in workers:
            worker.allow_pick_jobs = False
        await _settled(workers, grace)
    finally:
        for task in loops:
            task.cancel()
        await asyncio.gather(*loops, return_exceptions=True)
        await asyncio.gather(*(_close(worker) for worker in workers))


async def _restarting(worker: Worker) -> None:
    """Keep the same worker, and the jobs that it runs, over the time that Valkey is away."""
    while True:
        try:
            await worker.main()
        except (RedisError, OSError) as error:
            log.warning("worker.valkey_away", error=type(error).__name__)
            await asyncio.sleep(RESTART_DELAY)
            _take_places_back(worker)


def _take_places_back(worker: Worker) -> None:
    """Free the place of a job that ARQ was about to start when the line was lost: it forgets to, and in the end would
    take no job at all.
    """
    running = sum(not task.done() for task in worker.tasks.values())
    while worker.job_counter > running:
        worker._release_sem_dec_counter_on_complete()


async def _settled(workers: Iterable[Worker], grace: float) -> None:
    running = [task for worker in workers for task in worker.tasks.values() if not task.done()]
    if running:
        log.info("worker.finishing", jobs=len(running))
        await asyncio.wait(running, timeout=grace)


async def _close(worker: Worker) -> None:
    for task in worker.tasks.values():
        task.cancel()
    await asyncio.gather(*worker.tasks.values(), return_exceptions=True)
    worker.tasks.clear()
    with suppress(RedisError, OSError, TimeoutError):
        async with asyncio.timeout(CLOSE_TIMEOUT):
            await worker.close()
