"""Reads of people, by themselves."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.accounts.status import UserStatus
from app.core.db import Row, fetch_one
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


async def person(viewer: Viewer) -> Person | None:
    """Return the viewer's own account; None where it is gone."""
    row = await fetch_one(f"SELECT {COLUMNS} FROM users WHERE id = $1", viewer.user_id)  # noqa: S608
    return record_of(row) if row else None


def record_of(row: Row) -> Person:
    """Build a person from a row of `COLUMNS`."""
    return Person(**{**row, "role": Role(row["role"]), "status": UserStatus(row["status"])})
