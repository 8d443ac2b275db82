"""Jobs of legal disclosures."""

from app.core import jobs
from app.core.clock import SystemClock
from app.core.jobs import Lease
from app.legal_disclosures.service import end_bars
from workers.context import WorkerContext
from workers.handlers import Handler


async def run(_context: WorkerContext, lease: Lease) -> None:
    """Tell people of what they may know from now on."""
    while await end_bars(lease, SystemClock()):
        pass
    await jobs.complete(lease)


BARS = Handler(run)
