"""Jobs of media."""

from app.core import jobs
from app.core.jobs import Lease
from app.media.service import delete_bytes
from app.media.uploads import delete_uploads
from workers.context import WorkerContext
from workers.handlers import Handler


async def run(context: WorkerContext, lease: Lease) -> None:
    """Delete pictures that were deleted, and those whose making a crash cut short."""
    while await delete_bytes(context.studio.store):
        await jobs.hold(lease)
    await jobs.complete(lease)


async def sweep_uploads(context: WorkerContext, lease: Lease) -> None:
    """Delete uploads that are used, and those that nobody used in time."""
    while await delete_uploads(context.studio.store):
        await jobs.hold(lease)
    await jobs.complete(lease)


PICTURES = Handler(run)
UPLOADS = Handler(sweep_uploads)
