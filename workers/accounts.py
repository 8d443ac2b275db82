"""Jobs of accounts."""

from app.accounts import lost_factors
from app.core.jobs import Lease
from workers.context import WorkerContext
from workers.handlers import Handler


async def finish_recovery(_context: WorkerContext, lease: Lease) -> None:
    """End the waiting time of a recovery."""
    await lost_factors.finish(lease)


RECOVERY = Handler(finish_recovery)
