"""Reads of pictures, uploads and reference pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson

from app.core.db import Row, fetch, fetch_one
from app.core.lockout import unlocked
from app.core.viewer import Viewer
from app.media.acknowledgement import FaceStatement
from app.media.service import object_key
from app.media.variants import Variant


@dataclass(frozen=True, slots=True)
class StoredImage:
    """What a server needs to send a variant's bytes."""

    key: str
    byte_size: int
    content_type: str
    etag: str
    """Without quotes; changes with the bytes (RFC 9110, section 8.8.3: a strong validator)."""


async def stored_image(picture_id: UUID, variant: Variant) -> StoredImage | None:
    """Return a stored picture's variant, for whoever holds a signed link; None where it is gone, unfinished or frozen.

    The account is looked up with it, each time, so that a link stops once it is locked, in any process.
    """
    row = await fetch_one(
        f"""SELECT p.variants FROM pictures p JOIN users u ON u.id = p.person_id
            WHERE p.id = $1 AND p.state = 'STORED' AND {unlocked("u")}""",  # noqa: S608
        picture_id,
    )
    if row is None:
        return None
    details = orjson.loads(row["variants"]).get(variant.value)
    if details is None:
        return None
    return StoredImage(object_key(picture_id, variant), details["byte_size"], details["content_type"], details["etag"])


@dataclass(frozen=True, slots=True)
class AnnouncedUpload:
    """An upload as its owner sees it."""

    id: UUID
    content_type: str
    byte_size: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class AcknowledgementRecord:
    """What was acknowledged of the face in a reference picture."""

    statement: FaceStatement
    version: str
    acknowledged_at: datetime


@dataclass(frozen=True, slots=True)
class ReferenceRecord:
    """A reference picture as its owner sees it."""

    id: UUID
    picture_id: UUID
    width: int
    height: int
    byte_size: int
    content_type: str
    placeholder: str
    has_face: bool
    saved: bool
    created_at: datetime
    expires_at: datetime | None
    acknowledgement: AcknowledgementRecord | None


SELECT_REFERENCES = """SELECT r.id, r.picture_id, r.has_face, r.saved, r.created_at, r.expires_at,
           p.width, p.height, p.placeholder, p.variants, a.statement, a.version, a.acknowledged_at
    FROM reference_images r JOIN pictures p ON p.id = r.picture_id AND p.state = 'STORED'
    LEFT JOIN face_acknowledgements a ON a.reference_image_id = r.id"""
"""For `reference_record`; what joins it filters by person."""
_THERE = "(r.expires_at IS NULL OR r.expires_at > now())"


async def upload_of(viewer: Viewer, upload_id: UUID) -> AnnouncedUpload | None:
    """Return an upload of the viewer's."""
    row = await fetch_one(
        "SELECT id, content_type, byte_size, expires_at FROM uploads WHERE id = $1 AND person_id = $2",
        upload_id,
        viewer.user_id,
    )
    return AnnouncedUpload(**row) if row else None


async def references(viewer: Viewer, *, first: int, before: UUID | None = None) -> list[ReferenceRecord]:
    """Return the viewer's reference pictures, newest first, at most `first`, older than `before`."""
    rows = await fetch(
        f"""{SELECT_REFERENCES} WHERE r.person_id = $1 AND {_THERE} AND ($3::uuid IS NULL OR r.id < $3)
            ORDER BY r.id DESC LIMIT $2""",
        viewer.user_id,
        first,
        before,
    )
    return [reference_record(row) for row in rows]


async def references_by_id(viewer: Viewer, ids: Sequence[UUID]) -> list[ReferenceRecord | None]:
    """Return the viewer's reference pictures of these ids, in their order; None for what is not theirs."""
    rows = await fetch(
        f"{SELECT_REFERENCES} WHERE r.person_id = $1 AND {_THERE} AND r.id = ANY($2)", viewer.user_id, list(ids)
    )
    found = {row["id"]: reference_record(row) for row in rows}
    return [found.get(id) for id in ids]


def reference_record(row: Row) -> ReferenceRecord:
    """Build from a row of `SELECT_REFERENCES`."""
    original = orjson.loads(row["variants"])[Variant.ORIGINAL.value]
    said = row["statement"] and AcknowledgementRecord(
        FaceStatement(row["statement"]), row["version"], row["acknowledged_at"]
    )
    return ReferenceRecord(
        id=row["id"],
        picture_id=row["picture_id"],
        width=row["width"],
        height=row["height"],
        byte_size=original["byte_size"],
        content_type=original["content_type"],
        placeholder=row["placeholder"],
        has_face=row["has_face"],
        saved=row["saved"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        acknowledgement=said,
    )
