"""`anypeople visits`: how many came, for the operator."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from app.cli.supervisor import database
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.db import connected
from app.visits.queries import Visits, visits_since


def recent_visits(settings: Settings, days: int) -> Sequence[Visits]:
    """Return the visits of the last days, today's among them. Raises EmbeddedError."""

    async def read(url: str) -> Sequence[Visits]:
        async with connected(url, pool_size=1):
            return await visits_since(SystemClock().now().date() - timedelta(days=days - 1))

    with database(settings) as url:
        return asyncio.run(read(url))
