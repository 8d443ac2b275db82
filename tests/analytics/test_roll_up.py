"""Raw rows are gone after a day, and the counts of days equal what they were."""

import asyncio
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from app.analytics.events import Client, Event, Occurrence
from app.analytics.queries import FEWEST, usage_since
from app.analytics.service import ROLL_UP, ROLL_UP_EVERY, hour_of, roll_up, write_events
from app.analytics.tally import Tally
from app.core import jobs
from app.core.clock import SystemClock
from app.core.db import execute, fetch
from app.core.personal_data import Activity, Category
from tests.fakes.waiting import until
from workers.runner import Runner

MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
VIEWED = Occurrence(Event.GALLERY_VIEWED, Client.ANONYMOUS)
WHAT = "event, client, page, engine, style, outcome"
MANY = """INSERT INTO usage_events (id, hour, event, client, page, engine, style, outcome)
          SELECT gen_random_uuid(), $1::timestamptz + n % 24 * interval '1 hour', 'GENERATION_REQUESTED',
            (ARRAY['SESSION', 'APP'])[n % 2 + 1], '', 'engine ' || n % 3, '', 'DONE'
          FROM generate_series(1, 10000) n"""


class Anybody:
    """Permits what is asked, or nobody."""

    def __init__(self, people: Collection[UUID] = ()) -> None:
        self.people = people

    async def allowed(self, subjects: Sequence[UUID], activity: Activity, category: Category) -> Collection[UUID]:
        assert (activity, category) == (Activity.ANALYTICS, Category.ACTIVITY)
        return set(subjects) & set(self.people)


async def recounted() -> Counter[tuple[object, ...]]:
    """Count the raw rows anew."""
    rows = await fetch(f"SELECT hour, {WHAT}, count(*) AS count FROM usage_events GROUP BY hour, {WHAT}")
    found: Counter[tuple[object, ...]] = Counter()
    for row in rows:
        found[row["hour"].astimezone(UTC).date(), *list(row.values())[1:-1]] += row["count"]
    return found


async def rolled() -> Counter[tuple[object, ...]]:
    rows = await fetch(f"SELECT day, {WHAT}, count FROM usage_days")
    return Counter({tuple(list(row.values())[:-1]): row["count"] for row in rows})


async def test_the_counts_of_days_equal_a_recount_of_the_rows_before_they_go(database: str) -> None:
    await execute(MANY, MIDNIGHT)
    before = await recounted()
    assert sum(before.values()) == 10_000

    assert await roll_up(MIDNIGHT + timedelta(hours=22, minutes=59)) == 0
    assert await recounted() == before
    for hour in (*range(23, 27), 46):
        now = MIDNIGHT + timedelta(hours=hour)
        while await roll_up(now, limit=300):
            assert await recounted() + await rolled() == before, "wherever it stops, all is counted once"
        [oldest] = await fetch("SELECT min(hour) AS hour FROM usage_events")
        assert oldest["hour"] is None or now + ROLL_UP_EVERY - oldest["hour"] < timedelta(hours=24)
    assert await fetch("SELECT 1 FROM usage_events") == []
    assert await rolled() == before

    assert await roll_up(MIDNIGHT + timedelta(days=9)) == 0
    late = [(MIDNIGHT + timedelta(hours=3), VIEWED)] * 7
    await write_events(late)
    assert await roll_up(MIDNIGHT + timedelta(days=2)) == 7
    assert await rolled() - before == {(MIDNIGHT.date(), "GALLERY_VIEWED", "ANONYMOUS", "", "", "", "DONE"): 7}


async def test_two_at_once_count_once(database: str) -> None:
    await execute(MANY, MIDNIGHT)
    before, now = await recounted(), MIDNIGHT + timedelta(days=3)

    async def to_the_end() -> int:
        number = 0
        while found := await roll_up(now, limit=700):
            number += found
        return number

    shares = await asyncio.gather(*(to_the_end() for _ in range(3)))

    assert sum(shares) == 10_000
    assert await rolled() == before


async def test_the_clock_of_the_workers_rolls_up(database: str, runner: Runner) -> None:
    now = SystemClock().now()
    await write_events([(hour_of(now - timedelta(hours=24)), VIEWED), (hour_of(now), VIEWED)])
    await jobs.record_once(ROLL_UP, "now")
    [job] = await fetch("SELECT id FROM jobs")

    await runner.run(job["id"], 0)

    assert [row["hour"] for row in await fetch("SELECT hour FROM usage_events")] == [hour_of(now)]
    assert [row["count"] for row in await fetch("SELECT count FROM usage_days")] == [1]
    assert [row["state"] for row in await fetch("SELECT state FROM jobs")] == ["SUCCEEDED"]


async def test_what_is_shown_has_rolled_up_and_raw_and_no_small_number(database: str) -> None:
    today = SystemClock().now().date()
    yesterday, before = today - timedelta(days=1), today - timedelta(days=2)
    rare = Occurrence(Event.SIGNED_UP, Client.PAGES)

    def at(day: date, hour: int) -> datetime:
        return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)

    await write_events([*[(at(before, 1), VIEWED)] * FEWEST, *[(at(before, 1), rare)] * (FEWEST - 1)])
    await roll_up(at(today, 0))
    await write_events([(at(yesterday, 1), VIEWED)] * 3)
    await roll_up(at(today, 0))
    await write_events([*[(at(yesterday, 23), VIEWED)] * 3, (at(today, 0), VIEWED)])

    shown = [(one.day, one.event, one.count, one.final) for one in await usage_since(before)]

    assert shown == [
        (today, Event.GALLERY_VIEWED, None, False),
        (yesterday, Event.GALLERY_VIEWED, 6, False),
        (before, Event.GALLERY_VIEWED, FEWEST, True),
        (before, Event.SIGNED_UP, None, True),
    ]
    assert [one.day for one in await usage_since(today)] == [today]


async def test_too_much_is_dropped_and_what_fails_hurts_nobody(database: str) -> None:
    ada, eve = uuid4(), uuid4()
    tally = Tally(Anybody([ada]), SystemClock(), room=4)
    for person in (None, ada, eve, ada, ada, None):
        tally.note(VIEWED, person)
    await tally.write()
    assert len(await fetch("SELECT 1 FROM usage_events")) == 3, "of six, four had room, and one is eve's"
    await tally.write()
    assert len(await fetch("SELECT 1 FROM usage_events")) == 3

    await execute("ALTER TABLE usage_events RENAME TO elsewhere")
    tally.note(VIEWED, None)
    await tally.write()
    await execute("ALTER TABLE elsewhere RENAME TO usage_events")
    await tally.write()
    assert len(await fetch("SELECT 1 FROM usage_events")) == 3, "what could not be written is not tried again"


@pytest.mark.parametrize("interval", [0.01, 60])
async def test_it_is_written_by_the_clock_and_at_the_end(database: str, interval: float) -> None:
    tally = Tally(Anybody(), SystemClock())

    async def there() -> bool:
        return bool(await fetch("SELECT 1 FROM usage_events"))

    async with tally.written(interval):
        tally.note(VIEWED, None)
        assert not await there()
        if interval < 1:
            await until(there)
    assert await there()
