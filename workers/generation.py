"""Jobs of generation."""

from uuid import UUID

from app.core.jobs import Lease
from app.generation.engines.base import EngineError, EngineUnavailable
from app.generation.fulfilment import run_generation
from app.generation.outcomes import fail_generation
from workers.context import WorkerContext
from workers.handlers import Handler


async def run(context: WorkerContext, lease: Lease) -> None:
    """Make the pictures."""
    await run_generation(lease, UUID(lease.payload["generation"]), context.studio)


async def exhausted(context: WorkerContext, lease: Lease, cause: Exception | None) -> None:
    """End the generation with a reason that its owner can read."""
    error = (
        cause
        if isinstance(cause, EngineError)
        else EngineUnavailable("The pictures could not be made, after several tries: please try again later.")
    )
    await fail_generation(lease, UUID(lease.payload["generation"]), error)


HANDLER = Handler(run, exhausted)
