"""`anypeople visits`, as the operator types it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.visits.queries import Visits, visits_since
from app.visits.service import VisitKind, count_visit
from tests.cli.test_commands import anypeople


async def test_the_operator_sees_how_many_came(database: str, tmp_path: Path) -> None:
    today = datetime.now(UTC).date()
    nobody = anypeople(tmp_path, "visits", DATABASE_URL=database)
    assert nobody.stdout == "Nobody came in these days who allowed us to count.\n"
    for kind in (VisitKind.NEW, VisitKind.NEW, VisitKind.RETURNING):
        await count_visit(today, "sign_in", kind)
    await count_visit(today - timedelta(days=3), "forgot", VisitKind.RETURNING)

    shown = anypeople(tmp_path, "visits", "--days", "2", DATABASE_URL=database)

    assert [line.split() for line in shown.stdout.splitlines()] == [
        [today.isoformat(), "sign_in", "2", "new", "1", "returning"]
    ]
    assert await visits_since(today - timedelta(days=3)) == [
        Visits(today, "sign_in", 2, 1),
        Visits(today - timedelta(days=3), "forgot", 0, 1),
    ]
