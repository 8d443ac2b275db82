"""Step-up: what is hard to undo asks for a proof that is at most ten minutes old, whatever the age of the session."""

from datetime import timedelta
from enum import StrEnum

from app.accounts import passwords
from app.accounts.errors import StepUpRequired, WrongCredentials
from app.audit.service import Action, record
from app.core.db import execute, fetch_one, transaction
from app.core.viewer import Viewer

FRESH = timedelta(minutes=10)


class Method(StrEnum):
    """How somebody can prove that it is them."""

    PASSWORD = "PASSWORD"  # noqa: S105 - the name of a method


async def require_fresh(viewer: Viewer) -> None:
    """Raise StepUpRequired unless the viewer proved who they are within ten minutes."""
    row = await fetch_one(
        "SELECT authenticated_at > now() - $2::interval AS fresh FROM sessions WHERE id = $1", viewer.session_id, FRESH
    )
    if row is None or not row["fresh"]:
        raise StepUpRequired(
            "Prove that it is you: call `reauthenticate`, then send this again within ten minutes.", (Method.PASSWORD,)
        )


async def reauthenticate(viewer: Viewer, password: str) -> None:
    """Open ten minutes. Raises WrongCredentials."""
    row = await fetch_one("SELECT password_hash FROM users WHERE id = $1", viewer.user_id)
    if not await passwords.verify_password(password[: passwords.MAX_LENGTH + 1], row["password_hash"] if row else None):
        raise WrongCredentials("The password is wrong.", path=("password",))
    async with transaction():
        await execute("UPDATE sessions SET authenticated_at = now() WHERE id = $1", viewer.session_id)
        await record(Action.REAUTHENTICATED, viewer.user_id, actor=viewer.user_id)
