"""The job that ends what is over."""

import structlog

from app.core.jobs import Lease
from app.marketing.service import note_undeliverable
from workers.context import WorkerContext
from workers.handlers import Handler

log = structlog.get_logger(__name__)


async def run(context: WorkerContext, lease: Lease) -> None:
    """Sweep through everything that time ends; what mails say of addresses is noted before they go."""
    try:
        await note_undeliverable()
    except Exception as error:  # noqa: BLE001 - what has to go does so all the same
        log.error("retention.undeliverable_not_noted", error=type(error).__name__)
    await context.sweeper.run(lease)


HANDLER = Handler(run)
