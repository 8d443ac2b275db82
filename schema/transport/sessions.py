"""Sockets and streams are open longer than sessions live: what is open ends when its session does.

One task of the process asks SQL every `SWEEP_INTERVAL` which of all these sessions still live. So it does not matter
which process ended one, or whether it ran out, and no message can get lost on the way.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from uuid import UUID

import structlog

SWEEP_INTERVAL = 2.0
"""Seconds between two looks: what is open ends within 5 seconds of its session."""
SESSION_ENDED = "The session or the API key has expired or was ended: sign in again."

log = structlog.get_logger(__name__)

End = Callable[[], None]


class OpenSessions:
    """The sessions that something open in this process rests on; `live` says which of some still live."""

    def __init__(self, live: Callable[[Collection[UUID]], Awaitable[Collection[UUID]]]) -> None:
        self._live = live
        self._ends: defaultdict[UUID, set[End]] = defaultdict(set)

    @contextmanager
    def held(self, session_id: UUID, end: End) -> Generator[None, None, None]:
        """Have `end` called, once at most, if the session ends while the block runs."""
        self._ends[session_id].add(end)
        try:
            yield
        finally:
            ends = self._ends.get(session_id, set())
            ends.discard(end)
            if not ends:
                self._ends.pop(session_id, None)

    @asynccontextmanager
    async def swept(self) -> AsyncGenerator[None, None]:
        """Sweep for as long as the block runs."""
        task = asyncio.create_task(self._sweep_on())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def sweep(self) -> None:
        """End what rests on sessions that ended: one statement, none while nothing is open."""
        asked = list(self._ends)
        if not asked:
            return
        live = await self._live(asked)
        for session_id in set(asked).difference(live):
            for end in self._ends.pop(session_id, set()):
                end()

    async def _sweep_on(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_INTERVAL)
            try:
                await self.sweep()
            except Exception as error:  # noqa: BLE001 - who cannot ask ends nothing; the next sweep asks again
                log.warning("sessions.sweep_failed", error=type(error).__name__)
