"""`anypeople analytics`, as the operator types it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.analytics.events import Client, Event, Occurrence
from app.analytics.queries import Visits, visits_since
from app.analytics.service import hour_of, write_events
from app.analytics.visits import VisitKind, count_visit
from tests.cli.test_commands import anypeople


async def test_the_operator_sees_what_was_used_and_how_many_came(database: str, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    today = now.date()
    for kind in (VisitKind.NEW, VisitKind.NEW, VisitKind.RETURNING):
        await count_visit(today, "sign_in", kind)
    await count_visit(today - timedelta(days=3), "forgot", VisitKind.RETURNING)
    often = Occurrence(Event.GENERATION_REQUESTED, Client.APP, engine="illustration", style="flat")
    await write_events([(hour_of(now), often)] * 6 + [(hour_of(now), Occurrence(Event.SIGNED_UP, Client.PAGES))])

    shown = anypeople(tmp_path, "analytics", "--days", "2", DATABASE_URL=database)
    as_csv = anypeople(tmp_path, "analytics", "--csv", DATABASE_URL=database)

    lines = shown.stdout.splitlines()
    assert lines[3] == "Visits of browsers that allowed the cookie, by the page that came first:"
    assert [line.split() for line in (*lines[:3], *lines[4:])] == [
        [today.isoformat(), "GENERATION_REQUESTED", "APP", "illustration", "flat", "DONE", "6"],
        [today.isoformat(), "SIGNED_UP", "PAGES", "DONE", "<5"],
        [],
        [today.isoformat(), "sign_in", "2", "new", "1", "returning"],
    ]
    assert as_csv.stdout.splitlines() == [
        "day,event,client,page,engine,style,outcome,count,final",
        f"{today},GENERATION_REQUESTED,APP,,illustration,flat,DONE,6,False",
        f"{today},SIGNED_UP,PAGES,,,,DONE,,False",
    ]
    assert await visits_since(today - timedelta(days=3)) == [
        Visits(today, "sign_in", 2, 1),
        Visits(today - timedelta(days=3), "forgot", 0, 1),
    ]
