"""Reads of who accepted what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core.db import Row, fetch, fetch_one
from app.core.viewer import Viewer
from app.policy.texts import DocumentKind


@dataclass(frozen=True, slots=True)
class Accepted:
    """That a person accepted a version."""

    id: UUID
    kind: DocumentKind
    version: str
    sha256: str
    accepted_at: datetime


async def last_accepted(viewer: Viewer, kind: DocumentKind) -> Accepted | None:
    """Return what the viewer accepted last of a kind; None where they accepted none."""
    row = await fetch_one(
        """SELECT a.id, a.kind, a.version, a.sha256, a.accepted_at
           FROM acceptances a JOIN subject_aliases s ON s.id = a.subject_id
           WHERE s.user_id = $1 AND a.kind = $2 ORDER BY a.accepted_at DESC, a.id DESC LIMIT 1""",
        viewer.user_id,
        kind.value,
    )
    return accepted_of(row) if row else None


async def accepted_by(user_ids: Sequence[UUID], kind: DocumentKind, version: str) -> frozenset[UUID]:
    """Return who of these people accepted a version."""
    rows = await fetch(
        """SELECT s.user_id FROM acceptances a JOIN subject_aliases s ON s.id = a.subject_id
           WHERE s.user_id = ANY($1) AND a.kind = $2 AND a.version = $3""",
        list(user_ids),
        kind.value,
        version,
    )
    return frozenset(row["user_id"] for row in rows)


def accepted_of(row: Row) -> Accepted:
    """Build from a row."""
    return Accepted(row["id"], DocumentKind(row["kind"]), row["version"], row["sha256"], row["accepted_at"])
