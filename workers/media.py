"""Jobs of media."""

from app.core import jobs
from app.core.db import transaction
from app.core.jobs import Lease
from app.media import avatars
from app.media.service import delete_bytes
from app.media.uploads import delete_used
from workers.context import WorkerContext
from workers.handlers import Handler


async def run(context: WorkerContext, lease: Lease) -> None:
    """Delete pictures that were deleted, and those whose making a crash cut short."""
    while await delete_bytes(context.studio.store):
        await jobs.hold(lease)
    await jobs.complete(lease)


async def free_uploads(context: WorkerContext, lease: Lease) -> None:
    """Delete the bytes of uploads that are used."""
    while await delete_used(context.studio.store):
        await jobs.hold(lease)
    await jobs.complete(lease)


async def copy_avatar(context: WorkerContext, lease: Lease) -> None:
    """Copy a person's picture from a provider."""
    await context.avatars.copy(lease)


async def forget_avatar(_context: WorkerContext, lease: Lease, error: Exception | None) -> None:
    """Forget where a picture is that cannot be copied."""
    async with transaction():
        await avatars.give_up(lease)
        await jobs.give_up(lease, type(error).__name__ if error else "WORKERS_DIED")


AVATARS = Handler(copy_avatar, forget_avatar)
PICTURES = Handler(run)
UPLOADS = Handler(free_uploads)
