"""Reads of legal disclosures: one's own. What is barred is in another table, which nothing reads for the person."""

from uuid import UUID

from app.core.db import fetch
from app.core.viewer import Viewer
from app.legal_disclosures.records import COLUMNS, LegalDisclosureRecord, record_of


async def own_legal_disclosures(
    viewer: Viewer, *, first: int, before: UUID | None = None
) -> list[LegalDisclosureRecord]:
    """Return what was handed over of the viewer's and may be told, newest first, at most `first`."""
    rows = await fetch(
        f"""SELECT {COLUMNS} FROM legal_disclosures
            WHERE subject_id = (SELECT id FROM subject_aliases WHERE user_id = $1) AND ($3::uuid IS NULL OR id < $3)
            ORDER BY id DESC LIMIT $2""",  # noqa: S608
        viewer.user_id,
        first,
        before,
    )
    return [record_of(row) for row in rows]
