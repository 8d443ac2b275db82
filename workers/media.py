"""Jobs of media."""

from app.core import jobs
from app.core.jobs import Lease
from app.media.service import delete_bytes
from workers.context import WorkerContext
from workers.handlers import Handler


async def run(context: WorkerContext, lease: Lease) -> None:
    """Delete pictures that were deleted, and those whose making a crash cut short."""
    while await delete_bytes(context.studio.store):
        await jobs.hold(lease)
    await jobs.complete(lease)


HANDLER = Handler(run)
