"""Jobs of analytics."""

from app.analytics.service import roll_up
from app.core import jobs
from app.core.clock import SystemClock
from app.core.jobs import Lease
from workers.context import WorkerContext
from workers.handlers import Handler


async def run(_context: WorkerContext, lease: Lease) -> None:
    """Add the events that are over to the counts of their days."""
    while await roll_up(SystemClock().now()):
        await jobs.hold(lease)
    await jobs.complete(lease)


async def send(context: WorkerContext, lease: Lease) -> None:
    """Send the counts of finished days to the provider of statistics, where there is one."""
    if context.reports is None:
        await jobs.complete(lease)
        return
    await context.reports.send(lease)


ROLL_UP = Handler(run)
SENDING = Handler(send)
