"""What operators and staff see of the sweeps, and the job that sweeps."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from typer.testing import CliRunner

from app.cli.commands import retention
from app.core import jobs
from app.core.clock import SystemClock
from app.core.db import connected, execute, fetch
from app.integrations.local_store import LocalObjectStore
from app.retention.queries import runs
from app.retention.service import SWEEP
from tests.fakes.carriers import Crash
from tests.fakes.crashes import CrashPoints, dying_at_commits
from tests.retention.cases import CASES
from workers.runner import Runner
from workers.schedule import CRON, Recurring

LAST_MONTH = datetime.now(UTC) - timedelta(days=30)


def test_the_operator_sees_what_would_go_what_goes_and_what_went(
    environment: dict[str, str], database_url: str, tmp_path: Path
) -> None:
    def told(*arguments: str) -> list[list[str]]:
        outcome = CliRunner().invoke(retention.app, arguments)
        assert outcome.exit_code == 0
        assert "example.com" not in outcome.output
        return [line.split() for line in outcome.stdout.splitlines()]

    async def write() -> None:
        async with connected(database_url, pool_size=1):
            for name in ("mails", "idempotency_keys"):
                await CASES[name](LAST_MONTH, LocalObjectStore(tmp_path / "objects", durable=False))

    async def there() -> int:
        async with connected(database_url, pool_size=1):
            return len(await fetch("SELECT 1 FROM mails UNION ALL SELECT 1 FROM idempotency_keys"))

    assert told("report") == [["Nothing", "was", "swept", "yet."]]
    asyncio.run(write())

    dry = told("sweep", "--dry-run")

    assert [line[:3] for line in dry] == [["idempotency_keys", "DAY", "1"], ["mails", "WEEK", "1"]]
    assert asyncio.run(there()) == 2
    assert told("report") == [["Nothing", "was", "swept", "yet."]]
    swept = told("sweep")
    assert asyncio.run(there()) == 0
    assert swept[1:] == [["idempotency_keys", "1", "ended"], ["mails", "1", "ended"]]
    assert told("report") == swept
    assert told("sweep", "--dry-run") == [["Nothing", "is", "over."]]


async def test_a_job_that_died_goes_on_with_its_report(runner: Runner, database: str) -> None:
    """And pages of reports go on where the last one ended."""
    for _ in range(2):
        await CASES["mails"](LAST_MONTH, runner.context.studio.store)
    assert Recurring(SWEEP, timedelta(minutes=5)) in CRON
    await jobs.record_once(SWEEP, "today")
    [(_, job_id, attempt)] = await jobs.claim_due(timedelta())
    lease = await jobs.take(job_id, attempt, timedelta(seconds=-1))
    assert lease is not None
    with dying_at_commits(CrashPoints(9)):
        try:
            await runner.context.sweeper.run(lease)
        except Crash:
            """As told."""
    [broken_off] = await runs(first=5)
    assert broken_off.finished_at is None
    assert [(count.sweep, count.ended) for count in broken_off.counts] == [("mails", 2)]

    await runner.run(job_id, 1)

    [run] = await runs(first=5)
    assert (run.id, run.at) == (job_id, broken_off.at)
    assert run.finished_at is not None
    assert [(count.sweep, count.ended) for count in run.counts] == [("mails", 2)]
    assert [row["state"] for row in await fetch("SELECT state FROM jobs WHERE id = $1", job_id)] == ["SUCCEEDED"]
    await execute(
        "INSERT INTO retention_runs (id, at, started_at) VALUES (gen_random_uuid(), $1, $1)",
        SystemClock().now() - timedelta(days=1),
    )
    [older] = await runs(first=5, before=run.id)
    assert older.id != run.id
