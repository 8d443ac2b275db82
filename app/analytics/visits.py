"""Command: count a visit of a browser that allowed it. Nothing of the browser or its network comes here."""

from datetime import date
from enum import StrEnum

from app.core.db import execute
from app.core.ids import uuid7


class VisitKind(StrEnum):
    """Whether a browser says that it was here on an earlier day."""

    NEW = "NEW"
    RETURNING = "RETURNING"


async def count_visit(day: date, page: str, kind: VisitKind) -> None:
    """Add one visit to a day; `page` is the name of one of our pages, where the visit began."""
    await execute(
        """INSERT INTO page_visits (id, day, page, kind, count) VALUES ($1, $2, $3, $4, 1)
           ON CONFLICT (day, page, kind) DO UPDATE SET count = page_visits.count + 1""",
        uuid7(),
        day,
        page,
        kind.value,
    )
