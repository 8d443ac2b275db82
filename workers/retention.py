"""The job that ends what is over."""

from app.core.jobs import Lease
from app.marketing.service import note_undeliverable
from workers.context import WorkerContext
from workers.handlers import Handler


async def run(context: WorkerContext, lease: Lease) -> None:
    """Sweep through everything that time ends; what mails say of addresses is noted before they go."""
    await note_undeliverable()
    await context.sweeper.run(lease)


HANDLER = Handler(run)
