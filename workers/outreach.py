"""Jobs of outreach."""

from app.core.clock import SystemClock
from app.core.jobs import Lease
from app.outreach.announcing import spread
from workers.context import WorkerContext
from workers.handlers import Handler


async def announce(_context: WorkerContext, lease: Lease) -> None:
    """Tell everybody of a version."""
    await spread(lease, SystemClock())


ANNOUNCEMENT = Handler(announce)
