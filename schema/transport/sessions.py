"""Sockets and streams are open longer than sessions live: what is open ends when its session does, and when its person
gets another role: it may do what they could when it began.

One task of the process asks SQL every `SWEEP_INTERVAL` which of all these sessions still live. So it does not matter
which process ended one, or whether it ran out, and no message can get lost on the way.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from uuid import UUID

import structlog

from app.core.viewer import Role, Viewer

SWEEP_INTERVAL = 2.0
"""Seconds between two looks: what is open ends within 5 seconds of its session."""
SESSION_ENDED = "The session or the API key has expired or was ended: sign in again."

log = structlog.get_logger(__name__)

End = Callable[[], None]


class OpenSessions:
    """The sessions that something open in this process rests on; `live` says which of some still live, and for whom."""

    def __init__(self, live: Callable[[Collection[UUID]], Awaitable[Mapping[UUID, Role]]]) -> None:
        self._live = live
        self._ends: defaultdict[tuple[UUID, Role], set[End]] = defaultdict(set)

    @contextmanager
    def held(self, viewer: Viewer, end: End) -> Generator[None, None, None]:
        """Have `end` called, once at most, if the viewer's session or role ends while the block runs."""
        held = (viewer.session_id, viewer.role)
        self._ends[held].add(end)
        try:
            yield
        finally:
            ends = self._ends.get(held, set())
            ends.discard(end)
            if not ends:
                self._ends.pop(held, None)

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
        live = await self._live({session_id for session_id, _ in asked})
        for session_id, role in asked:
            if live.get(session_id) is not role:
                for end in self._ends.pop((session_id, role), set()):
                    end()

    async def _sweep_on(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_INTERVAL)
            try:
                await self.sweep()
            except Exception as error:  # noqa: BLE001 - who cannot ask ends nothing; the next sweep asks again
                log.warning("sessions.sweep_failed", error=type(error).__name__)
