"""The dispatcher: enqueues what is due and what lapsed, and records what the clock asks for. Every worker runs one."""

import asyncio
from datetime import timedelta

import structlog

from app.core import jobs
from app.core.concerns import WorkSettings
from workers.schedule import Schedule

log = structlog.get_logger(__name__)


async def dispatch_once(redispatch: timedelta) -> int:
    """Enqueue each row that nobody is working on though somebody should; return how many."""
    claimed = await jobs.claim_due(redispatch)
    for queue, job_id, attempt in claimed:
        await jobs.enqueue(queue, job_id, attempt)
    return len(claimed)


async def dispatch_forever(settings: WorkSettings, schedule: Schedule) -> None:
    """Dispatch until cancelled; a round that fails is logged, and the next one does its work."""
    redispatch = timedelta(seconds=settings.job_redispatch)
    while True:
        try:
            await schedule.record_due()
            await dispatch_once(redispatch)
        except Exception as error:  # noqa: BLE001 - PostgreSQL or Valkey may be away for a while
            log.warning("dispatch.failed", error=type(error).__name__)
        await asyncio.sleep(settings.dispatch_interval)
