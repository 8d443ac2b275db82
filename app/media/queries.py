"""Reads of pictures."""

from dataclasses import dataclass
from uuid import UUID

import orjson

from app.core.db import fetch_one
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
    """Return a stored picture's variant, for whoever holds a signed link; None where it is gone or unfinished."""
    row = await fetch_one("SELECT variants FROM pictures WHERE id = $1 AND state = 'STORED'", picture_id)
    if row is None:
        return None
    details = orjson.loads(row["variants"]).get(variant.value)
    if details is None:
        return None
    return StoredImage(object_key(picture_id, variant), details["byte_size"], details["content_type"], details["etag"])
