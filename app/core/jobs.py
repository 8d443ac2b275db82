"""The jobs table: work recorded in the transaction that wants it, leased to one worker at a time, fenced by attempt.

A worker takes a row's lease by raising `attempt`; everything it writes afterwards is guarded by `attempt = mine`, so
that a worker that stalled, lost its lease and woke late changes nothing. ARQ carries `(id, attempt)` and may lose it:
`claim_due` finds what is due or lapsed. There is no other recovery mechanism.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import NAMESPACE_OID, UUID, uuid5

import orjson

from app.core.db import after_commit, execute, fetch, fetch_one, transaction
from app.core.ids import uuid7
from app.core.ports import JobQueue

DISPATCH_BATCH = 500


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of work: its name, the queue that carries it, and how often it may fail before it is given up."""

    name: str
    queue: str
    max_failures: int = 4


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on a row until it lapses. `attempt` is the fencing token."""

    job_id: UUID
    attempt: int
    kind: str
    queue: str
    payload: Mapping[str, str]
    failures: int
    """How often it failed before, lapsed leases included."""


Hold = Callable[[], Awaitable[None]]
"""Locks the row of a lease for the caller's transaction, as `hold` does, for whoever need not know which it is."""


Count = Callable[[int], Awaitable[None]]
"""Adds to how much was done, in the transaction that did it: a crash neither loses nor doubles it."""


class LeaseLost(Exception):
    """Another worker has the row now: stop, and change nothing."""


class NotYet(Exception):
    """The job cannot begin at present; it goes back to the queue for `delay`, which is no failure."""

    def __init__(self, delay: timedelta) -> None:
        super().__init__()
        self.delay = delay


class _Carrier:
    queue: JobQueue | None = None


def carry_with(queue: JobQueue | None) -> None:
    """Set what carries jobs to workers; a composition root calls it once. None: only the dispatcher finds them."""
    _Carrier.queue = queue


async def record(kind: JobKind, payload: Mapping[str, UUID], *, delay: timedelta = timedelta()) -> UUID:
    """Record a job in the caller's transaction and return its id; it is enqueued once that has committed.

    The payload is ids only: personal data stays in the tables that erasure knows.
    """
    job_id = uuid7()
    await execute(
        """INSERT INTO jobs (id, kind, queue, payload, run_after, dispatched_at, created_at)
           VALUES ($1, $2, $3, $4, now() + $5::interval, now(), now())""",
        job_id,
        kind.name,
        kind.queue,
        orjson.dumps({name: str(value) for name, value in payload.items()}).decode(),
        delay,
    )
    if not delay:
        after_commit(lambda: enqueue(kind.queue, job_id, 0))
    return job_id


async def record_each(kind: JobKind, payloads: Sequence[Mapping[str, UUID]]) -> None:
    """Record many jobs of a kind by one statement, in the caller's transaction. The dispatcher enqueues them."""
    await execute(
        """INSERT INTO jobs (id, kind, queue, payload, run_after, dispatched_at, created_at)
           SELECT id, $3, $4, payload, now(), '-infinity', now()
           FROM unnest($1::uuid[], $2::jsonb[]) AS wanted (id, payload)""",
        [uuid7() for _ in payloads],
        [orjson.dumps({name: str(value) for name, value in payload.items()}).decode() for payload in payloads],
        kind.name,
        kind.queue,
    )


async def waiting(kind: JobKind, most: int) -> int:
    """Return how many jobs of a kind are due and not begun, counted up to `most`."""
    row = await fetch_one(
        """SELECT count(*) AS number FROM (
             SELECT 1 FROM jobs WHERE state = 'QUEUED' AND run_after <= now() AND kind = $1 LIMIT $2) AS found""",
        kind.name,
        most,
    )
    return int(row["number"]) if row else 0


async def record_once(kind: JobKind, occasion: str) -> None:
    """Record a job without payload, at most once for each `occasion` (an interval's name), by whichever process.

    The row's id is made from kind and occasion, so that the second insert finds the first. The dispatcher enqueues it.
    """
    await execute(
        """INSERT INTO jobs (id, kind, queue, payload, run_after, dispatched_at, created_at)
           VALUES ($1, $2, $3, '{}', now(), '-infinity', now()) ON CONFLICT (id) DO NOTHING""",
        uuid5(NAMESPACE_OID, f"anypeople/{kind.name}/{occasion}"),
        kind.name,
        kind.queue,
    )


async def enqueue(queue: str, job_id: UUID, attempt: int) -> None:
    """Hand a row to the carrier. Raises what the carrier raises; the dispatcher sends it again."""
    if _Carrier.queue is not None:
        await _Carrier.queue.enqueue(queue, job_id, attempt)


async def take(job_id: UUID, attempt: int, lease: timedelta) -> Lease | None:
    """Take the row's lease for the attempt after `attempt`; None where it is not due, taken, or finished.

    A row whose lease lapsed counts as failed once: a job that kills its worker must come to an end too.
    """
    row = await fetch_one(
        """UPDATE jobs SET attempt = attempt + 1, state = 'RUNNING', lease_until = now() + $3::interval,
                  failures = failures + CASE WHEN state = 'RUNNING' THEN 1 ELSE 0 END
           WHERE id = $1 AND attempt = $2 AND run_after <= now()
             AND (state = 'QUEUED' OR (state = 'RUNNING' AND lease_until < now()))
           RETURNING id, attempt, kind, queue, payload, failures""",
        job_id,
        attempt,
        lease,
    )
    if row is None:
        return None
    return Lease(row["id"], row["attempt"], row["kind"], row["queue"], orjson.loads(row["payload"]), row["failures"])


async def renew(lease: Lease, duration: timedelta) -> None:
    """Prolong the lease; one that its own work has ended meanwhile stays ended. Raises LeaseLost where the row is
    another worker's, or canceled.
    """
    row = await fetch_one(
        """UPDATE jobs SET lease_until = CASE state WHEN 'RUNNING' THEN now() + $3::interval END
           WHERE id = $1 AND attempt = $2 RETURNING id""",
        lease.job_id,
        lease.attempt,
        duration,
    )
    if row is None:
        raise LeaseLost


async def hold(lease: Lease) -> None:
    """Lock the row for the caller's transaction, so that what it writes is written by the lease's holder only.

    Raises LeaseLost.
    """
    row = await fetch_one(
        "SELECT id FROM jobs WHERE id = $1 AND attempt = $2 AND state = 'RUNNING' FOR UPDATE",
        lease.job_id,
        lease.attempt,
    )
    if row is None:
        raise LeaseLost


async def complete(lease: Lease) -> None:
    """Mark the row done, in the transaction that writes the outcome. Raises LeaseLost."""
    await _guarded(lease, "state = 'SUCCEEDED', lease_until = NULL, finished_at = now()")


async def give_up(lease: Lease, error: str) -> None:
    """Mark the row failed for good, with an error's code (never its text). Raises LeaseLost."""
    await _guarded(lease, "state = 'FAILED', lease_until = NULL, finished_at = now(), error = $3", error[:64])


async def give_back(lease: Lease, delay: timedelta = timedelta()) -> None:
    """Return an unfinished row, as a worker that is told to stop does; it does not count as a failure.

    Raises LeaseLost.
    """
    await _requeue(lease, "run_after = now() + $3::interval", delay)


async def retry(lease: Lease, delay: timedelta, error: str) -> None:
    """Return a row that failed, to be tried again after `delay`. Raises LeaseLost."""
    await _requeue(lease, "failures = failures + 1, run_after = now() + $3::interval, error = $4", delay, error[:64])


async def _requeue(lease: Lease, change: str, delay: timedelta, *values: str) -> None:
    async with transaction():
        await _guarded(lease, f"state = 'QUEUED', lease_until = NULL, dispatched_at = now(), {change}", delay, *values)
        if not delay:
            after_commit(lambda: enqueue(lease.queue, lease.job_id, lease.attempt))


async def _guarded(lease: Lease, change: str, *values: object) -> None:
    row = await fetch_one(
        f"UPDATE jobs SET {change} WHERE id = $1 AND attempt = $2 AND state = 'RUNNING' RETURNING id",  # noqa: S608
        lease.job_id,
        lease.attempt,
        *values,
    )
    if row is None:
        raise LeaseLost


async def claim_due(redispatch: timedelta) -> list[tuple[str, UUID, int]]:
    """Return `(queue, id, attempt)` of rows to enqueue: due and not sent for `redispatch`, or with a lapsed lease.

    Several dispatchers share the work: each row goes to one of them.
    """
    rows = await fetch(
        """UPDATE jobs SET dispatched_at = now() WHERE id IN (
             SELECT id FROM jobs
             WHERE ((state = 'QUEUED' AND run_after <= now()) OR (state = 'RUNNING' AND lease_until < now()))
               AND (dispatched_at < now() - $1::interval OR dispatched_at < COALESCE(lease_until, run_after))
             ORDER BY run_after LIMIT $2 FOR UPDATE SKIP LOCKED)
           RETURNING queue, id, attempt""",
        redispatch,
        DISPATCH_BATCH,
    )
    return [(row["queue"], row["id"], row["attempt"]) for row in rows]


async def cancel(job_ids: Sequence[UUID]) -> None:
    """End rows that have not ended, in the caller's transaction.

    Their workers' leases are worth nothing from then on: raising `attempt` fences them off, and `Runner.watch` tells
    them at once.
    """
    await execute(
        """UPDATE jobs SET state = 'CANCELED', attempt = attempt + 1, lease_until = NULL, finished_at = now()
           WHERE id IN (SELECT id FROM jobs WHERE id = ANY($1) AND state IN ('QUEUED', 'RUNNING')
                        ORDER BY id FOR UPDATE)""",
        list(job_ids),
    )
