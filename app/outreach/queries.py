"""Reads of notices, by whom they are for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import feed
from app.core.db import Row, fetch
from app.core.viewer import Viewer
from app.policy.queries import Listed, listed_by_id


@dataclass(frozen=True, slots=True)
class NoticeRecord:
    """A notice as its person sees it."""

    id: UUID
    listed: Listed
    created_at: datetime
    dismissed_at: datetime | None
    cursor: str
    """Where it stands in the person's feed."""


_NOTICES = """SELECT n.id, a.document_version_id, n.created_at, n.dismissed_at
              FROM notices n JOIN announcements a ON a.id = n.announcement_id WHERE n.person_id = $1"""


async def notices(viewer: Viewer, *, first: int, before: UUID | None = None) -> list[NoticeRecord]:
    """Return the viewer's notices, newest first, at most `first`, older than `before`: four statements."""
    return await _records(
        await fetch(
            f"{_NOTICES} AND ($2::uuid IS NULL OR n.id < $2) ORDER BY n.id DESC LIMIT $3",
            viewer.user_id,
            before,
            first,
        )
    )


async def notice(viewer: Viewer, notice_id: UUID) -> NoticeRecord | None:
    """Return a notice of the viewer's; None where there is none."""
    found = await _records(await fetch(f"{_NOTICES} AND n.id = $2", viewer.user_id, notice_id))
    return found[0] if found else None


async def open_notice(viewer: Viewer) -> NoticeRecord | None:
    """Return the newest notice that the viewer has not dismissed: one statement where there is none."""
    rows = await fetch(f"{_NOTICES} AND n.dismissed_at IS NULL ORDER BY n.id DESC LIMIT 1", viewer.user_id)
    found = await _records(rows)
    return found[0] if found else None


async def _records(rows: Sequence[Row]) -> list[NoticeRecord]:
    if not rows:
        return []
    found = await listed_by_id()
    cursors = await feed.cursors([row["id"] for row in rows])
    return [
        NoticeRecord(
            row["id"], found[row["document_version_id"]], row["created_at"], row["dismissed_at"], cursors[row["id"]]
        )
        for row in rows
    ]
