"""Jobs that delete what is over."""

from app.accounts import sessions, tickets
from app.core import jobs
from app.core.jobs import Lease
from app.core.upkeep import sweep
from app.mail.service import delete_ended
from workers.context import WorkerContext
from workers.handlers import Handler


async def run(_context: WorkerContext, lease: Lease) -> None:
    """Delete finished jobs, expired idempotency keys, expired sessions and links, and mail that ended a week ago."""
    await sweep()
    while await sessions.delete_expired() or await delete_ended() or await tickets.delete_expired():
        await jobs.hold(lease)
    await jobs.complete(lease)


HANDLER = Handler(run)
