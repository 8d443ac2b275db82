"""Takes a job row's lease, runs it, and completes, retries or gives it up. Decides from the row, never from ARQ."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import structlog

from app.core import jobs
from app.core.feed import Signal
from app.core.jobs import JobKind, Lease, LeaseLost, NotYet
from app.core.ports import Signals
from workers.context import WorkerContext
from workers.handlers import Handler

MAX_RETRY_DELAY = 60.0
"""Seconds."""
MAX_RETRY_AFTER = 600.0
"""Seconds that a job waits at most for somebody who asks to be left alone that long."""

log = structlog.get_logger(__name__)


class StrayCancellation(Exception):
    """The job cancelled itself though nobody had told it to stop: a fault like any other."""


class Runner:
    """Runs jobs in this process."""

    def __init__(self, context: WorkerContext, kinds: Mapping[str, JobKind], handlers: Mapping[str, Handler]) -> None:
        """Raises ValueError where a kind has no handler, or a handler no kind."""
        if kinds.keys() != handlers.keys():
            raise ValueError(f"kinds without a handler or the reverse: {sorted(kinds.keys() ^ handlers.keys())}")
        self.context = context
        self._kinds = kinds
        self._handlers = handlers
        self._lease = timedelta(seconds=context.settings.job_lease)
        self._doubts: dict[UUID, set[asyncio.Event]] = defaultdict(set)

    async def watch(self, signals: Signals) -> None:
        """Have a job ask at once whether its row is still its own when something happens to an object that it names.

        So cancelling reaches running work in milliseconds; without signals, with the next renewal.
        """
        async for message in signals.listen():
            with suppress(ValueError):
                signal = Signal.decode(message) if message is not None else None
                if signal is not None and signal.sequence is not None:
                    for doubt in self._doubts.get(signal.object_id, ()):
                        doubt.set()

    async def run(self, job_id: UUID, attempt: int) -> None:
        """Run the row if its lease is to be had. Never raises but for cancellation, which gives the row back.

        Where the database fails, so that nothing can be recorded, the lease lapses and the row is found again.
        """
        with structlog.contextvars.bound_contextvars(job=str(job_id)):
            try:
                lease = await jobs.take(job_id, attempt, self._lease)
                if lease is not None:
                    with structlog.contextvars.bound_contextvars(kind=lease.kind, attempt=lease.attempt):
                        await self._attempt(lease)
            except LeaseLost:
                log.warning("job.lease_lost")
            except Exception as error:  # noqa: BLE001 - its text may hold an address or a value: ARQ would log it
                log.error("job.broken_off", error=type(error).__name__)

    async def _attempt(self, lease: Lease) -> None:
        kind, handler = self._kinds.get(lease.kind), self._handlers.get(lease.kind)
        if kind is None or handler is None:  # this worker is older than the process that recorded it
            log.error("job.unknown_kind")
            await jobs.give_back(lease, timedelta(seconds=MAX_RETRY_DELAY))
            return
        if lease.failures >= kind.max_failures:
            await self._give_up(handler, lease, None)
            return
        work = asyncio.ensure_future(handler.run(self.context, lease))
        heart = asyncio.create_task(self._keep_alive(lease, work))
        try:
            await work
            log.info("job.done")
        except asyncio.CancelledError:
            if _is_told_to_stop():
                await self._stop(lease, work)
                raise
            if heart.done() and not heart.cancelled():
                raise LeaseLost from None
            await self._failed(kind, handler, lease, StrayCancellation())
        except LeaseLost:
            raise
        except NotYet as error:
            await jobs.give_back(lease, error.delay)
        except Exception as error:  # noqa: BLE001 - whatever a job raises, its row records it
            await self._failed(kind, handler, lease, error)
        finally:
            heart.cancel()

    async def _stop(self, lease: Lease, work: asyncio.Future[None]) -> None:
        work.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await work
        try:
            await asyncio.shield(jobs.give_back(lease))
            log.info("job.given_back")
        except LeaseLost:
            log.info("job.ended_before")
        except Exception as error:  # noqa: BLE001 - the lease lapses, and the row is found again
            log.warning("job.not_given_back", error=type(error).__name__)

    async def _failed(self, kind: JobKind, handler: Handler, lease: Lease, error: Exception) -> None:
        code = str(getattr(error, "code", type(error).__name__))
        if lease.failures + 1 >= kind.max_failures:
            await self._give_up(handler, lease, error)
            return
        delay = min(self.context.settings.job_retry_delay * 2**lease.failures, MAX_RETRY_DELAY)
        asked = min(getattr(error, "retry_after", None) or 0.0, MAX_RETRY_AFTER)
        spread = random.uniform(0.0, 0.4)  # noqa: S311 - spreads retries, protects nothing
        delay = max(delay * (0.8 + spread), asked * (1.0 + spread))
        log.warning("job.failed", code=code, retry_in=round(delay, 2))
        await jobs.retry(lease, timedelta(seconds=delay), code)

    async def _give_up(self, handler: Handler, lease: Lease, error: Exception | None) -> None:
        log.error("job.given_up", code=str(getattr(error, "code", type(error).__name__)))
        if handler.exhausted is not None:
            await handler.exhausted(self.context, lease, error)
        else:
            await jobs.give_up(lease, type(error).__name__ if error else "WORKERS_DIED")

    async def _keep_alive(self, lease: Lease, work: asyncio.Future[None]) -> None:
        """Renew the lease while the work goes on; cancel the work once the lease is another's.

        A database that cannot be reached is asked again: only losing the row ends the work.
        """
        doubt = asyncio.Event()
        objects = [UUID(value) for value in lease.payload.values()]
        for object_id in objects:
            self._doubts[object_id].add(doubt)
        try:
            while True:
                with suppress(TimeoutError):
                    await asyncio.wait_for(doubt.wait(), self.context.settings.job_renewal)
                doubt.clear()
                try:
                    await jobs.renew(lease, self._lease)
                except LeaseLost:
                    work.cancel()
                    return
                except Exception as error:  # noqa: BLE001 - see above
                    log.warning("job.renewal_failed", error=type(error).__name__)
        finally:
            for object_id in objects:
                self._doubts[object_id].discard(doubt)
                if not self._doubts[object_id]:
                    del self._doubts[object_id]


def _is_told_to_stop() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
