"""Jobs of the audit log."""

from app.audit.chain import seal
from app.core import jobs
from app.core.jobs import Lease
from workers.context import WorkerContext
from workers.handlers import Handler


async def run(context: WorkerContext, lease: Lease) -> None:
    """Seal the entries that were committed since the last time."""
    while await seal(context.signer):
        await jobs.hold(lease)
    await jobs.complete(lease)


HANDLER = Handler(run)
