"""Jobs that delete what is over."""

from app.accounts.service import delete_expired_sessions
from app.core import jobs
from app.core.jobs import Lease
from app.core.upkeep import sweep
from workers.context import WorkerContext
from workers.handlers import Handler


async def run(_context: WorkerContext, lease: Lease) -> None:
    """Delete finished jobs, expired idempotency keys and expired sessions."""
    await sweep()
    while await delete_expired_sessions():
        await jobs.hold(lease)
    await jobs.complete(lease)


HANDLER = Handler(run)
