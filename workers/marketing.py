"""Jobs of marketing."""

from uuid import UUID

from app.core import jobs
from app.core.db import transaction
from app.core.jobs import Lease
from app.marketing.spreading import end, spread
from workers.context import WorkerContext
from workers.handlers import Handler


async def write(context: WorkerContext, lease: Lease) -> None:
    """Write to whoever turned on news."""
    await spread(lease, context.readership)


async def exhausted(_context: WorkerContext, lease: Lease, error: Exception | None) -> None:
    """Record that a campaign was given up."""
    async with transaction():
        await end(UUID(lease.payload["campaign"]), "FAILED")
        await jobs.give_up(lease, type(error).__name__ if error else "WORKERS_DIED")


CAMPAIGN = Handler(write, exhausted)
