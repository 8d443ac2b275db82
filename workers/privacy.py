"""Jobs of privacy requests."""

from uuid import UUID

from app.core import jobs
from app.core.jobs import Lease
from app.privacy.clock import watch
from app.privacy.lifting import lift as lift_restriction
from app.privacy.run import run_request
from workers.context import WorkerContext
from workers.handlers import Handler


async def run(context: WorkerContext, lease: Lease) -> None:
    """Carry a request out, or go on with it."""
    await run_request(lease, UUID(lease.payload["request"]), context.requests)


async def look(context: WorkerContext, lease: Lease) -> None:
    """Remind, raise the alarm, and end what nobody proved."""
    await watch(lease, context.requests.office)
    await jobs.complete(lease)


async def lift(context: WorkerContext, lease: Lease) -> None:
    """End a restriction whose person was told."""
    await lift_restriction(lease, context.requests.clock)


REQUESTS = Handler(run)
CLOCK = Handler(look)
RESTRICTIONS = Handler(lift)
