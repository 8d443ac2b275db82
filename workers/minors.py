"""Jobs of minors."""

from app.core import jobs
from app.core.clock import SystemClock
from app.core.jobs import Lease
from app.minors.purge import purge_due
from workers.context import WorkerContext
from workers.handlers import Handler


async def run(context: WorkerContext, lease: Lease) -> None:
    """Erase whoever was said to be a child and is due."""
    await purge_due(lease, context.eraser, SystemClock())
    await jobs.complete(lease)


PURGE = Handler(run)
