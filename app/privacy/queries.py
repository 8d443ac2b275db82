"""Reads of requests: one's own."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from app.core.db import fetch
from app.core.viewer import Viewer
from app.privacy.archives import Archive, archive_by_id, archives_of
from app.privacy.asked import COLUMNS, FROM, Request, request_of


async def own_requests(viewer: Viewer, *, first: int, before: UUID | None = None) -> list[Request]:
    """Return the viewer's requests, newest first, at most `first`, older than `before`: one statement."""
    rows = await fetch(
        f"""SELECT {COLUMNS} FROM {FROM} WHERE a.user_id = $1 AND ($2::uuid IS NULL OR r.id < $2)
            ORDER BY r.id DESC LIMIT $3""",  # noqa: S608
        viewer.user_id,
        before,
        first,
    )
    return [request_of(row) for row in rows]


async def requests_by_id(viewer: Viewer, ids: Sequence[UUID]) -> list[Request | None]:
    """Return the viewer's requests of these ids, in that order; None for each that is not theirs."""
    rows = await fetch(
        f"SELECT {COLUMNS} FROM {FROM} WHERE a.user_id = $1 AND r.id = ANY($2)",  # noqa: S608
        viewer.user_id,
        list(ids),
    )
    found = {row["id"]: request_of(row) for row in rows}
    return [found.get(id) for id in ids]


async def own_archive(viewer: Viewer, archive_id: UUID, at: datetime) -> Archive | None:
    """Return a whole archive of the viewer's that has not expired."""
    owned = await fetch("SELECT id FROM privacy_archives WHERE id = $1 AND person_id = $2", archive_id, viewer.user_id)
    return await archive_by_id(archive_id, at) if owned else None


async def own_archives(viewer: Viewer, request_ids: Sequence[UUID], at: datetime) -> list[Archive | None]:
    """Return the archive of each of these requests of the viewer's, in that order; None where there is none."""
    own = await fetch(
        "SELECT request_id FROM privacy_archives WHERE request_id = ANY($1) AND person_id = $2",
        list(request_ids),
        viewer.user_id,
    )
    found = await archives_of([row["request_id"] for row in own], at)
    return [found.get(id) for id in request_ids]
