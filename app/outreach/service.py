"""Command: dismiss a notice."""

from uuid import UUID

from app.core.db import fetch
from app.core.errors import NotFound
from app.core.viewer import Viewer


async def dismiss(viewer: Viewer, notice_id: UUID) -> None:
    """Take a notice as seen; one that was dismissed before stays as it is. Raises NotFound."""
    rows = await fetch(
        """UPDATE notices SET dismissed_at = coalesce(dismissed_at, now()) WHERE id = $1 AND person_id = $2
           RETURNING id""",
        notice_id,
        viewer.user_id,
    )
    if not rows:
        raise NotFound("There is no such notice of yours.", path=("id",))
