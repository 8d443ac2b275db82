"""A provider of statistics gets the numbers of finished days, through the gate, and only where it is registered."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import orjson
import pytest
from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.analytics.events import Client, Event, Occurrence
from app.analytics.provider import SEND_USAGE, UsageReports, analytics_processor
from app.analytics.service import roll_up, write_events
from app.core import jobs
from app.core.clock import SystemClock
from app.core.concerns import ConfigurationError
from app.core.db import execute, fetch
from app.core.recipient_settings import AnalyticsSettings
from app.processors.fetcher import AddressRefused
from app.processors.register import Register
from app.processors.service import Gate
from app.registries import JOB_KINDS
from tests.fakes.serving import serving
from workers.context import WorkerContext
from workers.runner import Runner
from workers.settings import HANDLERS

WHO = {"OPERATOR": "Counters Ltd", "COUNTRY": "IE", "TRANSFER": "INSIDE_EEA", "DPA": "Agreement 3"}
OFTEN = Occurrence(Event.GENERATION_REQUESTED, Client.APP, engine="illustration")
RARE = Occurrence(Event.SIGNED_UP, Client.PAGES)
DAY = (datetime.now(UTC) - timedelta(days=2)).replace(hour=1, minute=0, second=0, microsecond=0)


@dataclass
class Provider:
    """Takes what it is sent, or not."""

    address: str = ""
    answers: list[int] = field(default_factory=list)
    got: list[tuple[str, str, bytes]] = field(default_factory=list)

    async def take(self, request: Request) -> Response:
        headers = request.headers
        self.got.append((headers["authorization"], headers["idempotency-key"], await request.body()))
        status = self.answers.pop(0) if self.answers else 202
        return RedirectResponse(f"{self.address}/elsewhere", 307) if status == 307 else Response(status_code=status)


@pytest.fixture
async def provider() -> AsyncGenerator[Provider, None]:
    playing = Provider()
    async with serving([Route("/{path}", playing.take, methods=["POST"])]) as address:
        playing.address = address
        yield playing


def reports_to(provider: Provider, *, registered: bool = True) -> UsageReports:
    settings = AnalyticsSettings(url=f"{provider.address}/usage", key=SecretStr("a key"))
    found = UsageReports.configured(settings, Gate(Register(analytics_processor(settings) if registered else ())))
    assert found is not None
    return found


async def send(context: WorkerContext, reports: UsageReports | None) -> str:
    """Run one job once, and return its state."""
    await execute("DELETE FROM jobs")
    await jobs.record_once(SEND_USAGE, "now")
    [job] = await fetch("SELECT id FROM jobs")
    await Runner(replace(context, reports=reports), JOB_KINDS, HANDLERS).run(UUID(str(job["id"])), 0)
    [job] = await fetch("SELECT state FROM jobs")
    return str(job["state"])


async def test_finished_days_are_sent_once_and_hold_nothing_small(
    database: str, worker_context: WorkerContext, provider: Provider
) -> None:
    await write_events([*[(DAY, OFTEN)] * 6, *[(DAY, RARE)] * 4])
    reports = reports_to(provider)
    assert (await send(worker_context, reports), provider.got) == ("SUCCEEDED", []), "the day is not final"
    await roll_up(SystemClock().now())
    await write_events([(DAY + timedelta(days=2), OFTEN)] * 9)

    provider.answers = [500, 307]
    assert await send(worker_context, reports) == "QUEUED"
    assert await send(worker_context, reports) == "QUEUED"
    assert await send(worker_context, reports) == "SUCCEEDED"
    assert await send(worker_context, reports) == "SUCCEEDED"

    day = DAY.date().isoformat()
    assert [(told, key) for told, key, _ in provider.got] == [("Bearer a key", f'"anypeople-usage-{day}"')] * 3
    what = {"event": "GENERATION_REQUESTED", "client": "APP", "page": "", "engine": "illustration", "style": ""}
    assert {body for _, _, body in provider.got} == {
        orjson.dumps({"day": day, "counts": [{**what, "outcome": "DONE", "count": 6}]})
    }
    rows = await fetch("SELECT subject_id, processor, categories, outcome FROM disclosures")
    assert sorted(row["outcome"] for row in rows) == ["FAILED", "FAILED", "SENT"]
    assert {(row["subject_id"], row["processor"], row["categories"]) for row in rows} == {
        (None, "analytics", '["STATISTICS"]')
    }


async def test_who_is_not_registered_or_not_public_gets_nothing(
    database: str, worker_context: WorkerContext, provider: Provider
) -> None:
    await write_events([(DAY, OFTEN)] * 6)
    await roll_up(SystemClock().now())

    assert await send(worker_context, None) == "SUCCEEDED"
    assert await send(worker_context, reports_to(provider, registered=False)) == "QUEUED"
    private = replace(reports_to(provider), url="https://10.0.0.1/usage")
    assert await send(worker_context, private) == "QUEUED"
    with pytest.raises(AddressRefused):
        await private.fetcher.post("http://192.0.2.1/usage", b"{}", {})

    assert provider.got == []
    assert [row["outcome"] for row in await fetch("SELECT outcome FROM disclosures")] == ["REFUSED"] * 2
    assert await fetch("SELECT 1 FROM usage_reports") == []


@pytest.mark.parametrize("without", ["", *WHO])
def test_a_provider_without_an_agreement_cannot_be_configured(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, without: str
) -> None:
    assert list(analytics_processor(AnalyticsSettings.load())) == [], "there is none by default"
    monkeypatch.setenv("ANYPEOPLE_ANALYTICS_URL", "https://counters.example/usage")
    for name, value in WHO.items():
        monkeypatch.setenv(f"ANYPEOPLE_ANALYTICS_{name}", "" if name == without else value)

    if without:
        with pytest.raises(ConfigurationError, match=f"ANYPEOPLE_ANALYTICS_{without}"):
            list(analytics_processor(AnalyticsSettings.load()))
        return
    [entry] = analytics_processor(AnalyticsSettings.load())
    assert (entry.operator, entry.country, entry.dpa) == ("Counters Ltd", "IE", "Agreement 3")
    monkeypatch.setenv("ANYPEOPLE_ANALYTICS_URL", "http://counters.example/usage")
    with pytest.raises(ConfigurationError, match="ANYPEOPLE_ANALYTICS_URL"):
        AnalyticsSettings.load()
