"""What core itself must not keep for ever."""

from datetime import timedelta

from app.core import idempotency, jobs
from app.core.jobs import JobKind

SWEEP = JobKind("core.sweep", queue="bulk")
KEEP_FINISHED_JOBS = timedelta(days=7)


async def sweep() -> None:
    """Delete finished jobs after 7 days and idempotency keys after 24 hours, in batches."""
    while await jobs.delete_finished(KEEP_FINISHED_JOBS):
        pass
    while await idempotency.delete_expired():
        pass
