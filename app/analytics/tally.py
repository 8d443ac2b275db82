"""What one process counts. Nothing is written while somebody waits: occurrences lie in memory for a second.

Who did it is known in memory only, and forgotten there: at the end of the second one statement asks of whom counting is
allowed, and another writes down what is left, without them. So what is asked is always asked after it was done: nobody
who objected before leaves a row.
"""

import asyncio
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Protocol
from uuid import UUID

import structlog

from app.analytics.events import Occurrence
from app.analytics.service import hour_of, write_events
from app.core.personal_data import Activity, Category
from app.core.ports import Clock

ROOM = 10_000
"""Occurrences that may wait; more are dropped."""
WRITE_TIMEOUT = 2.0
"""Seconds that the database may take; what is not written by then is dropped."""

log = structlog.get_logger(__name__)


class Permitted(Protocol):
    """Of whom something may be done (`app.consents.enforcement.PurposeLimitation`)."""

    async def allowed(self, subjects: Sequence[UUID], activity: Activity, category: Category) -> Collection[UUID]:
        """Return those of the people of whom it may."""
        ...


class Tally:
    """The occurrences of one process that are not written yet."""

    def __init__(self, permitted: Permitted, clock: Clock, room: int = ROOM) -> None:
        self._permitted = permitted
        self._clock = clock
        self._room = room
        self._noted: list[tuple[datetime, Occurrence, UUID | None]] = []
        self._dropped = 0

    def note(self, what: Occurrence, person: UUID | None) -> None:
        """Note that something was done, by a person or by nobody who is signed in. Never waits, never fails.

        Whoever calls this has looked that the request carries no opt-out signal.
        """
        if len(self._noted) >= self._room:
            self._dropped += 1
            return
        self._noted.append((hour_of(self._clock.now()), what, person))

    async def write(self) -> None:
        """Write down what was noted of whom it may be, by two statements at most. What cannot be written is dropped."""
        noted, self._noted = self._noted, []
        dropped, self._dropped = self._dropped, 0
        try:
            if noted:
                async with asyncio.timeout(WRITE_TIMEOUT):
                    await self._write(noted)
        except Exception as error:  # noqa: BLE001 - the database may be away: then nothing is counted
            log.warning("usage.not_written", number=len(noted), error=type(error).__name__)
        if dropped:
            log.warning("usage.dropped", number=dropped)

    async def _write(self, noted: Sequence[tuple[datetime, Occurrence, UUID | None]]) -> None:
        people = list({person for _, _, person in noted if person is not None})
        may: Collection[UUID] = ()
        if people:
            may = await self._permitted.allowed(people, Activity.ANALYTICS, Category.ACTIVITY)
        await write_events([(hour, what) for hour, what, person in noted if person is None or person in may])

    @asynccontextmanager
    async def written(self, interval: float) -> AsyncGenerator[None, None]:
        """Write every `interval` seconds for as long as the block runs, and once more at its end."""
        writing = asyncio.create_task(self._write_forever(interval))
        try:
            yield
        finally:
            writing.cancel()
            with suppress(asyncio.CancelledError):
                await writing
            await self.write()

    async def _write_forever(self, interval: float) -> None:
        while True:
            await asyncio.sleep(interval)
            await self.write()
