"""The sweeper: every sweep of the registry in turn, in batches, each a transaction that also counts it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from app.core import jobs
from app.core.db import execute, fetch_one, transaction
from app.core.ids import uuid7
from app.core.jobs import JobKind, Lease, LeaseLost
from app.core.ports import Clock
from app.core.sweeps import Due, Sweep, SweepPorts

SWEEP = JobKind("retention.sweep", queue="bulk")
BATCH = 500
ALARM = timedelta(hours=1)
"""What is over for longer and still there after a sweep is an alarm; younger is what others have locked just now."""

log = structlog.get_logger(__name__)

Hold = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Sweeper:
    """Ends what is over. Several may sweep at once: none waits for another, and each counts what it ended itself."""

    sweeps: Mapping[str, Sweep]
    ports: SweepPorts
    clock: Clock
    batch: int = BATCH

    async def due(self) -> list[tuple[Sweep, Due]]:
        """Return what a sweep would end now, and end nothing."""
        at = self.clock.now()
        found = [(sweep, await sweep.due(at)) for sweep in self.sweeps.values()]
        return [(sweep, due) for sweep, due in found if due.number]

    async def run(self, lease: Lease) -> None:
        """Sweep as a job. A worker that takes it over goes on with the same run. Raises LeaseLost."""

        async def hold() -> None:
            await jobs.hold(lease)

        async def complete() -> None:
            await jobs.complete(lease)

        await self._sweep(lease.job_id, hold, complete)

    async def sweep(self) -> UUID:
        """Sweep outside of any job; return the run."""
        run = uuid7()
        await self._sweep(run, _nothing, _nothing)
        return run

    async def _sweep(self, run: UUID, hold: Hold, complete: Hold) -> None:
        at = await _begun(run, self.clock.now())
        for sweep in self.sweeps.values():
            try:
                await self._end(sweep, run, at, hold)
            except LeaseLost:
                raise
            except Exception as error:  # noqa: BLE001 - the others are still to be ended; the next run tries again
                log.error("retention.sweep_failed", sweep=sweep.name, error=type(error).__name__)
                await _failed(run, sweep.name, type(error).__name__)
        await execute("UPDATE retention_counts SET remaining = 0, oldest = NULL WHERE run_id = $1", run)
        for sweep in self.sweeps.values():
            await self._look_back(sweep, run, at)
        async with transaction():
            await execute("UPDATE retention_runs SET finished_at = $2 WHERE id = $1", run, self.clock.now())
            await complete()

    async def _end(self, sweep: Sweep, run: UUID, at: datetime, hold: Hold) -> None:
        ended = self.batch
        while ended:
            prepared = await sweep.prepare(self.ports, at, self.batch)
            async with transaction():
                await hold()
                ended = await sweep.end(self.ports, at, self.batch, prepared)
                if ended:
                    await _count(run, sweep.name, ended)

    async def _look_back(self, sweep: Sweep, run: UUID, at: datetime) -> None:
        due = await sweep.due(at)
        if due.number:
            await _leave(run, sweep.name, due)
        if due.oldest is not None and due.oldest < at - ALARM:
            hours = int((at - due.oldest) / timedelta(hours=1))
            log.error("retention.overdue", sweep=sweep.name, rows=due.number, hours=hours)


async def _nothing() -> None:
    """Outside of a job nothing has to be held or completed."""


async def _begun(run: UUID, now: datetime) -> datetime:
    """Write down that a run begins; return the moment that it goes by, which is the first one's where it goes on."""
    await execute(
        "INSERT INTO retention_runs (id, at, started_at) VALUES ($1, $2, $2) ON CONFLICT (id) DO NOTHING", run, now
    )
    row = await fetch_one("SELECT at FROM retention_runs WHERE id = $1", run)
    return row["at"] if row else now


async def _count(run: UUID, sweep: str, ended: int) -> None:
    await execute(
        """INSERT INTO retention_counts (id, run_id, sweep, ended) VALUES ($1, $2, $3, $4)
           ON CONFLICT (run_id, sweep) DO UPDATE SET ended = retention_counts.ended + excluded.ended""",
        uuid7(),
        run,
        sweep,
        ended,
    )


async def _leave(run: UUID, sweep: str, due: Due) -> None:
    await execute(
        """INSERT INTO retention_counts (id, run_id, sweep, remaining, oldest) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (run_id, sweep) DO UPDATE SET remaining = excluded.remaining, oldest = excluded.oldest""",
        uuid7(),
        run,
        sweep,
        due.number,
        due.oldest,
    )


async def _failed(run: UUID, sweep: str, error: str) -> None:
    await execute(
        """INSERT INTO retention_counts (id, run_id, sweep, error) VALUES ($1, $2, $3, $4)
           ON CONFLICT (run_id, sweep) DO UPDATE SET error = excluded.error""",
        uuid7(),
        run,
        sweep,
        error[:64],
    )
