"""Jobs of the decision journal."""

from app.core import jobs
from app.core.jobs import Lease
from workers.context import WorkerContext
from workers.handlers import Handler


async def run(context: WorkerContext, lease: Lease) -> None:
    """Write what was decided. Whoever lost its lease writes the same as whoever has it."""
    await context.journal.refresh()
    await context.journal.write()
    await jobs.complete(lease)


HANDLER = Handler(run)
