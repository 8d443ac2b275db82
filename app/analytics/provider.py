"""A provider of statistics, where one is configured: it gets the numbers of finished days, through the gate.

There is nothing of anybody in them: closed categories and numbers from `FEWEST` on. None is configured by default.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

import orjson

from app.analytics.queries import Usage, unsent_days, usage_of
from app.core import jobs
from app.core.concerns import ConfigurationError
from app.core.db import execute
from app.core.jobs import JobKind, Lease
from app.core.personal_data import Activity
from app.core.recipient_settings import AnalyticsSettings
from app.processors.addresses import is_loopback
from app.processors.fetcher import Fetcher, Origin
from app.processors.register import LOCAL, Disclosed, Processor, Role, Transfer
from app.processors.service import Gate

SEND_USAGE = JobKind("analytics.send_usage", queue="bulk")
PROCESSOR = "analytics"
MOST_BYTES = 64 * 1024
"""Of an answer, which nobody reads."""
_WHAT = ("event", "client", "page", "engine", "style", "outcome", "count")


def analytics_processor(settings: AnalyticsSettings) -> Iterator[Processor]:
    """Yield the register's entry, where an address is set. Raises ConfigurationError for what the settings lack."""
    if not settings.url:
        return
    ours = is_loopback(urlsplit(settings.url).hostname or "")
    if not ours and (problems := settings.problems()):
        raise ConfigurationError("\n".join(problems))
    yield Processor(
        name=PROCESSOR,
        operator="ourselves" if ours else settings.operator,
        role=Role.OURSELVES if ours else Role.PROCESSOR,
        purpose="Shows us how often what is used: numbers of days, and nothing of anybody.",
        activities=frozenset({Activity.ANALYTICS}),
        categories=frozenset({Disclosed.STATISTICS}),
        country=LOCAL if ours else settings.country,
        transfer=Transfer.NONE_NEEDED if ours else Transfer(settings.transfer),
        dpa=settings.dpa or None,
    )


@dataclass(frozen=True, slots=True)
class UsageReports:
    """What sends finished days to the provider."""

    url: str
    key: str
    fetcher: Fetcher
    gate: Gate

    @classmethod
    def configured(cls, settings: AnalyticsSettings, gate: Gate) -> "UsageReports | None":
        """Return what sends to the provider of the settings; None where there is none."""
        if not settings.url:
            return None
        trusted = Origin.parse(settings.url) if is_loopback(urlsplit(settings.url).hostname or "") else None
        fetcher = Fetcher(max_bytes=MOST_BYTES, timeout=settings.timeout, trusted=trusted)
        return cls(settings.url, settings.key.get_secret_value(), fetcher, gate)

    async def send(self, lease: Lease) -> None:
        """Send each finished day that was not sent yet. A day may be sent again, with the same idempotency key.

        Raises FetchError and DisclosureRefused: the job is tried again a few times, and the day with the next job.
        """
        for day in await unsent_days():
            await jobs.hold(lease)
            async with self.gate.disclose(PROCESSOR, Activity.ANALYTICS, None, [Disclosed.STATISTICS]):
                await self.fetcher.post(self.url, _report(day, await usage_of(day)), self._headers(day))
            await execute("INSERT INTO usage_reports (day) VALUES ($1) ON CONFLICT (day) DO NOTHING", day)
        await jobs.complete(lease)

    def _headers(self, day: date) -> dict[str, str]:
        return {
            "authorization": f"Bearer {self.key}",
            "content-type": "application/json",
            "idempotency-key": f'"anypeople-usage-{day.isoformat()}"',
        }


def _report(day: date, usage: list[Usage]) -> bytes:
    counts = [{name: getattr(one, name) for name in _WHAT} for one in usage if one.count is not None]
    return orjson.dumps({"day": day.isoformat(), "counts": counts})
