"""Reads of the audit log: one's own, and staff's."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import orjson

from app.audit.service import Action, record_looks
from app.core.db import Row, fetch, transaction
from app.core.personal_data import Activity, Category
from app.core.purposes import Allows
from app.core.viewer import Viewer


class Actor(StrEnum):
    """Who did it, as far as the person may know."""

    PERSON = "PERSON"
    STAFF = "STAFF"
    OPERATOR = "OPERATOR"


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """An entry with its details, as long as these exist."""

    id: UUID
    at: datetime
    action: Action
    subject_alias: UUID
    actor: Actor
    purpose: Activity | None
    network: str | None
    device: str | None
    note: str | None
    """A reason that was given, or what changed."""


async def own_entries(viewer: Viewer, *, first: int, before: UUID | None = None) -> list[AuditRecord]:
    """Return what the log says about the viewer, newest first, at most `first`, older than `before`."""
    return await _entries(first, before, subject=viewer.user_id)


async def entries(
    viewer: Viewer,
    activity: Activity,
    allows: Allows,
    *,
    first: int,
    before: UUID | None = None,
    subject: UUID | None = None,
    action: Action | None = None,
) -> list[AuditRecord]:
    """Return entries about anybody, or about one person, who finds the look in their own log.

    Reading everybody's log names nobody: it shows aliases, and nothing that entries say of a person beside themselves.
    Raises what `allows` raises.
    """
    await allows(subject, activity, Category.ACTIVITY, viewer.role)
    async with transaction():
        found = await _entries(first, before, subject=subject, action=action)
        if subject is None:
            found = [replace(entry, network=None, device=None, note=None) for entry in found]
        if subject is not None and subject != viewer.user_id:
            await record_looks([subject], viewer.user_id, activity)
    return found


async def latest_note(subject: UUID, action: Action) -> str | None:
    """Return the note of the last entry of this kind about a person, for that person."""
    found = await _entries(1, None, subject=subject, action=action)
    return found[0].note if found else None


async def _entries(
    first: int, before: UUID | None, *, subject: UUID | None = None, action: Action | None = None
) -> list[AuditRecord]:
    conditions: list[str] = ["TRUE"]
    values: list[object] = [first]
    for condition, value in (
        ("e.id < ${}", before),
        ("e.subject_id = (SELECT id FROM subject_aliases WHERE user_id = ${})", subject),
        ("e.action = ${}", action.value if action else None),
    ):
        if value is not None:
            values.append(value)
            conditions.append(condition.format(len(values)))
    rows = await fetch(
        f"""SELECT e.id, e.at, e.action, e.subject_id, e.actor_id, e.purpose, d.content
            FROM audit_entries e LEFT JOIN audit_details d ON d.entry_id = e.id
            WHERE {" AND ".join(conditions)} ORDER BY e.id DESC LIMIT $1""",  # noqa: S608
        *values,
    )
    return [_record(row) for row in rows]


def _record(row: Row) -> AuditRecord:
    details = orjson.loads(row["content"]) if row["content"] else {}
    actor = Actor.OPERATOR if row["actor_id"] is None else Actor.STAFF
    return AuditRecord(
        row["id"],
        row["at"],
        Action(row["action"]),
        row["subject_id"],
        Actor.PERSON if row["actor_id"] == row["subject_id"] else actor,
        Activity(row["purpose"]) if row["purpose"] else None,
        details.get("network"),
        details.get("device"),
        details.get("note"),
    )
