"""Reads of requests: one's own."""

from collections.abc import Sequence
from uuid import UUID

from app.core.db import fetch
from app.core.viewer import Viewer
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
