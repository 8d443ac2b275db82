"""`anypeople analytics`: how the service was used, and how many came, for the operator."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from app.analytics.queries import Usage, Visits, usage_since, visits_since
from app.cli.supervisor import database
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.db import connected


def recent_usage(settings: Settings, days: int) -> tuple[Sequence[Usage], Sequence[Visits]]:
    """Return what was counted in the last days (UTC), today among them. Raises EmbeddedError."""

    async def read(url: str) -> tuple[Sequence[Usage], Sequence[Visits]]:
        since = SystemClock().now().date() - timedelta(days=days - 1)
        async with connected(url, pool_size=1):
            return await usage_since(since), await visits_since(since)

    with database(settings) as url:
        return asyncio.run(read(url))
