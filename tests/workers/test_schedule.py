"""The cron table and the jobs in it."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from app.core import idempotency, jobs
from app.core.db import execute, fetch, transaction
from app.core.jobs import JobKind
from tests.conftest import SignUp
from workers.runner import Runner
from workers.schedule import CRON, Recurring, Schedule
from workers.settings import HANDLERS

HOURLY = Recurring(JobKind("tests.hourly", queue="bulk"), timedelta(hours=1))
OFTEN = Recurring(JobKind("tests.often", queue="bulk"), timedelta(minutes=15))


class Watch:
    """`Clock` that is turned by hand."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 24, 12, 0, 1, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the time."""
        return self.time


async def recorded() -> list[str]:
    return [row["kind"] for row in await fetch("SELECT kind FROM jobs ORDER BY kind")]


async def test_each_job_is_recorded_once_in_its_interval(database: str) -> None:
    watch = Watch()
    schedule = Schedule(watch, (HOURLY, OFTEN))
    counts = []
    for _ in range(9):
        await schedule.record_due()
        kinds = await recorded()
        counts.append((kinds.count("tests.hourly"), kinds.count("tests.often")))
        watch.time += timedelta(minutes=10)

    assert counts == [(1, 1), (1, 1), (1, 2), (1, 3), (1, 3), (1, 4), (2, 5), (2, 5), (2, 6)]


async def test_several_processes_record_it_once(database: str) -> None:
    schedules = [Schedule(Watch(), (HOURLY,)) for _ in range(5)]
    await asyncio.gather(*(schedule.record_due() for schedule in schedules))
    assert await recorded() == ["tests.hourly"]


async def test_a_process_that_starts_again_does_not_record_it_again(database: str) -> None:
    for _ in range(2):
        await Schedule(Watch(), (HOURLY,)).record_due()
    assert await recorded() == ["tests.hourly"]


async def test_what_could_not_be_recorded_is_recorded_in_the_next_round(database: str) -> None:
    schedule = Schedule(Watch(), (HOURLY,))
    await execute("ALTER TABLE jobs RENAME TO gone")
    outcomes = await asyncio.gather(schedule.record_due(), return_exceptions=True)
    assert isinstance(outcomes[0], Exception)
    await execute("ALTER TABLE gone RENAME TO jobs")

    await schedule.record_due()

    assert await recorded() == ["tests.hourly"]


def test_every_recurring_job_has_a_handler_and_none_is_listed_twice() -> None:
    names = [entry.kind.name for entry in CRON]
    assert set(names) <= HANDLERS.keys()
    assert len(names) == len(set(names))


async def test_the_sweep_deletes_what_is_over_and_nothing_else(runner: Runner, person: SignUp) -> None:
    ada = await person("ada")
    await person("eve")
    await execute("UPDATE sessions SET expires_at = now() - interval '1 second' WHERE user_id = $1", ada.viewer.user_id)
    async with transaction():
        for key in ("old", "young"):
            await idempotency.finish(ada.viewer.user_id, "createGeneration", key, b"hash", uuid4())
    await execute("UPDATE idempotency_keys SET created_at = now() - interval '25 hours' WHERE key = 'old'")
    await execute(
        """INSERT INTO jobs (id, kind, queue, payload, state, run_after, dispatched_at, created_at, finished_at)
           VALUES (gen_random_uuid(), 'tests.old', 'bulk', '{}', 'SUCCEEDED', now(), now(), now(),
                   now() - interval '8 days')"""
    )

    for days in (29, 31):
        await execute(
            """INSERT INTO api_keys (id, user_id, name, token_hash, last_four, scopes, origins, created_at, expires_at)
               VALUES (gen_random_uuid(), $1, $2, $2, '', 'profile', '', now(), now() - $3::interval)""",
            ada.viewer.user_id,
            f"{days} days",
            timedelta(days=days),
        )

    await run_recurring(runner, "retention.sweep")

    assert len(await fetch("SELECT id FROM sessions")) == 1
    assert [row["name"] for row in await fetch("SELECT name FROM api_keys")] == ["29 days"]
    assert [row["key"] for row in await fetch("SELECT key FROM idempotency_keys")] == ["young"]
    rows = await fetch("SELECT kind, state FROM jobs WHERE state <> 'QUEUED'")
    assert rows == [{"kind": "retention.sweep", "state": "SUCCEEDED"}]


async def test_pictures_that_were_never_kept_are_deleted_bytes_and_rows(runner: Runner, person: SignUp) -> None:
    ada, store = await person("ada"), runner.context.studio.store
    ids = {}
    for state, age in (("PENDING", 61), ("PENDING", 59), ("STORED", 600)):
        picture_id = ids[(state, age)] = uuid4()
        await execute(
            """INSERT INTO pictures (id, person_id, state, width, height, placeholder, variants, created_at)
               VALUES ($1, $2, $3, 8, 8, 'x', '{}', now() - $4::interval)""",
            picture_id,
            ada.viewer.user_id,
            state,
            timedelta(minutes=age),
        )
        await store.put(f"pictures/{picture_id}/original.webp", b"bytes")

    await run_recurring(runner, "media.delete_pictures")

    kept = {ids["PENDING", 59], ids["STORED", 600]}
    assert {row["id"] for row in await fetch("SELECT id FROM pictures")} == kept
    assert {key async for key in store.list("pictures/")} == {f"pictures/{id}/original.webp" for id in kept}


async def run_recurring(runner: Runner, name: str) -> None:
    await Schedule(Watch()).record_due()
    for _, job_id, attempt in await jobs.claim_due(timedelta(minutes=1)):
        [row] = await fetch("SELECT kind FROM jobs WHERE id = $1", job_id)
        if row["kind"] == name:
            await runner.run(job_id, attempt)


async def test_the_other_recurring_jobs_come_to_their_end(runner: Runner, database: str) -> None:
    await run_recurring(runner, "media.delete_uploads")

    assert await fetch("SELECT kind FROM jobs WHERE state = 'SUCCEEDED'") == [{"kind": "media.delete_uploads"}]
