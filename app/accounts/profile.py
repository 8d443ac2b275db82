"""Commands: what people call themselves."""

from uuid import UUID

from app.accounts.errors import PersonNotFound
from app.accounts.identity import display_name
from app.core.db import fetch
from app.core.viewer import Viewer


async def correct_name(user_id: UUID, name: str) -> bool:
    """Give somebody the name that they say is right, in the caller's transaction; return whether that changed it.

    Raises InvalidInput.
    """
    return bool(
        await fetch(
            "UPDATE users SET display_name = $2 WHERE id = $1 AND display_name <> $2 RETURNING id",
            user_id,
            display_name(name),
        )
    )


async def rename(viewer: Viewer, name: str) -> None:
    """Change the viewer's name, in the caller's transaction. Raises InvalidInput, PersonNotFound."""
    clean = display_name(name)
    if not await fetch("UPDATE users SET display_name = $2 WHERE id = $1 RETURNING id", viewer.user_id, clean):
        raise PersonNotFound("This account is gone.")
