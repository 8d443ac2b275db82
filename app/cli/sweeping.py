"""`anypeople retention`: what would go, what goes, and what went."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from app.cli.supervisor import database
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.db import connected
from app.core.keys import derive
from app.core.signing import Signer
from app.core.sweeps import Due, Sweep, SweepPorts
from app.integrations.object_store import object_store
from app.registries import SWEEPS
from app.retention.queries import Run, runs
from app.retention.service import Sweeper

T = TypeVar("T")


def due(settings: Settings) -> Sequence[tuple[Sweep, Due]]:
    """Return what a sweep would end now. Raises EmbeddedError, ConfigurationError."""
    return _asked(settings, _sweeper(settings).due)


def sweep(settings: Settings) -> Run:
    """Sweep, and return the report. Raises EmbeddedError, ConfigurationError."""

    async def work() -> Run:
        await _sweeper(settings).sweep()
        return (await runs(first=1))[0]

    return _asked(settings, work)


def last(settings: Settings, number: int) -> Sequence[Run]:
    """Return the last reports, the latest first. Raises EmbeddedError."""
    return _asked(settings, lambda: runs(first=number))


def _sweeper(settings: Settings) -> Sweeper:
    signer = Signer(derive(settings.security.key, "signatures"))
    return Sweeper(SWEEPS, SweepPorts(object_store(settings), signer), SystemClock())


def _asked(settings: Settings, work: Callable[[], Awaitable[T]]) -> T:
    async def connect_and_work(url: str) -> T:
        async with connected(url, pool_size=1):
            return await work()

    with database(settings) as url:
        return asyncio.run(connect_and_work(url))
