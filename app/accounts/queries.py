"""Reads of people, by themselves."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.accounts import tokens
from app.accounts.status import UserStatus
from app.core.db import Row, fetch, fetch_one
from app.core.ports import Clock
from app.core.viewer import Role, Viewer


@dataclass(frozen=True, slots=True)
class Person:
    """A person as they see themselves."""

    id: UUID
    email: str
    email_confirmed: bool
    display_name: str
    role: Role
    status: UserStatus
    created_at: datetime
    adult_attested_at: datetime


COLUMNS = """id, email, confirmed_email IS NOT DISTINCT FROM email AS email_confirmed, display_name, role, status,
             created_at, adult_attested_at"""


async def viewer_of(token: str, clock: Clock) -> Viewer | None:
    """Return who a session token belongs to; None for one that is unknown, revoked or expired."""
    if not token.startswith(tokens.PREFIX) or len(token) > tokens.MAX_LENGTH:
        return None
    row = await fetch_one(
        """SELECT s.id, s.user_id, u.role FROM sessions s JOIN users u ON u.id = s.user_id
           WHERE s.token_hash = $1 AND s.expires_at > $2 AND u.status = 'ACTIVE'""",
        tokens.hash_token(token),
        clock.now(),
    )
    return Viewer(row["user_id"], row["id"], Role(row["role"])) if row else None


async def live_sessions(session_ids: Collection[UUID], clock: Clock) -> set[UUID]:
    """Return those of the sessions that are neither ended nor expired: one statement for any number."""
    rows = await fetch("SELECT id FROM sessions WHERE id = ANY($1) AND expires_at > $2", list(session_ids), clock.now())
    return {row["id"] for row in rows}


async def person(viewer: Viewer) -> Person | None:
    """Return the viewer's own account; None where it is gone."""
    row = await fetch_one(f"SELECT {COLUMNS} FROM users WHERE id = $1", viewer.user_id)  # noqa: S608
    return record_of(row) if row else None


def record_of(row: Row) -> Person:
    """Build a person from a row of `COLUMNS`."""
    return Person(**{**row, "role": Role(row["role"]), "status": UserStatus(row["status"])})
