"""Jobs of data sets."""

from app.consents.enforcement import PurposeLimitation
from app.core import jobs
from app.core.jobs import Lease
from app.training.marking import mark_lapsed
from workers.context import WorkerContext
from workers.handlers import Handler


def marker(limitation: PurposeLimitation) -> Handler:
    """Return what marks items that may not be used any more and no command told of."""

    async def run(_context: WorkerContext, lease: Lease) -> None:
        await mark_lapsed(limitation, lease=lease)
        await jobs.complete(lease)

    return Handler(run)
