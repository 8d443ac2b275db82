"""Jobs of mail."""

from app.core import jobs
from app.core.db import transaction
from app.core.jobs import Lease
from workers.context import WorkerContext
from workers.handlers import Handler


async def run(context: WorkerContext, lease: Lease) -> None:
    """Send one mail."""
    await context.post_office.send(lease)


async def exhausted(context: WorkerContext, lease: Lease, error: Exception | None) -> None:
    """Record that a mail was given up."""
    async with transaction():
        await context.post_office.give_up(lease)
        await jobs.give_up(lease, type(error).__name__ if error else "WORKERS_DIED")


HANDLER = Handler(run, exhausted)
