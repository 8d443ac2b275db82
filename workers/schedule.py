"""The cron table, and the clock that reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.analytics.provider import SEND_USAGE
from app.analytics.service import ROLL_UP, ROLL_UP_EVERY
from app.audit.chain import SEAL
from app.core import jobs
from app.core.jobs import JobKind
from app.core.ports import Clock
from app.journal.service import WRITE
from app.legal_disclosures.service import END_BARS
from app.media.service import DELETE_PICTURES
from app.media.uploads import DELETE_UPLOADS
from app.minors.purge import PURGE_MINORS
from app.privacy.clock import WATCH
from app.retention.service import SWEEP
from app.training.marking import MARK_LAPSED


@dataclass(frozen=True, slots=True)
class Recurring:
    """A kind of job that is recorded once in every interval, whatever the number of workers."""

    kind: JobKind
    every: timedelta


CRON = (
    Recurring(SWEEP, timedelta(minutes=5)),
    Recurring(PURGE_MINORS, timedelta(minutes=15)),
    Recurring(WATCH, timedelta(minutes=5)),
    Recurring(END_BARS, timedelta(minutes=15)),
    Recurring(SEAL, timedelta(minutes=5)),
    Recurring(WRITE, timedelta(minutes=5)),
    Recurring(MARK_LAPSED, timedelta(hours=1)),
    Recurring(ROLL_UP, ROLL_UP_EVERY),
    Recurring(SEND_USAGE, timedelta(hours=6)),
    Recurring(DELETE_PICTURES, timedelta(minutes=15)),
    Recurring(DELETE_UPLOADS, timedelta(minutes=15)),
)


class Schedule:
    """Records what is due. Intervals are counted from 1970, so all processes agree on them."""

    def __init__(self, clock: Clock, entries: Sequence[Recurring] = CRON) -> None:
        self._clock = clock
        self._entries = entries
        self._recorded: dict[str, int] = {}

    async def record_due(self) -> None:
        """Record each job whose interval began since this process last looked."""
        now = self._clock.now().timestamp()
        for entry in self._entries:
            interval = int(now // entry.every.total_seconds())
            if self._recorded.get(entry.kind.name) != interval:
                await jobs.record_once(entry.kind, str(interval))
                self._recorded[entry.kind.name] = interval
