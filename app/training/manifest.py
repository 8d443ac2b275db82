"""The manifest: a line of JSON for each item, in the order of their ids, and a signature of the SHA-256 of them all."""

import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID

import orjson

from app.core.db import Row, fetch
from app.core.keys import keyed_hash
from app.core.signing import Signer
from app.media.service import object_key
from app.media.variants import Variant

BATCH = 500
"""Items that are read at a time."""
SEALED = "training-set+jwt"
EXPORTED = "training-manifest+jwt"
"""Types (`typ`, RFC 8725, section 3.11) of what is signed: a whole set when it is sealed, and each export."""


def line(item: Row) -> bytes:
    """Return an item's line: all of it but its mark, which may change. Keys are sorted and times are UTC."""
    said = {
        "basis": item["basis"],
        "byteSize": item["byte_size"],
        "consent": str(item["consent_id"]) if item["consent_id"] else None,
        "decidedAt": item["decided_at"].astimezone(UTC),
        "id": str(item["id"]),
        "key": key_of(item["picture_id"]),
        "policyVersion": item["policy_version"],
        "sha256": item["sha256"],
        "subject": str(item["subject_id"]),
        "visibility": item["visibility"],
    }
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS) + b"\n"


def key_of(picture_id: UUID) -> str:
    """Return where the picture is that models are trained on: in full size."""
    return object_key(picture_id, Variant.ORIGINAL)


def mac(key: bytes, set_id: UUID, item: Row) -> str:
    """Return what an item of this set has to have: HMAC-SHA256 of the set and the line."""
    return keyed_hash(key, set_id.bytes + line(item)).hex()


class Digest:
    """SHA-256 of lines, and how many they were."""

    def __init__(self) -> None:
        self._hash, self.items = hashlib.sha256(), 0

    def add(self, text: bytes) -> None:
        """Take the next line."""
        self._hash.update(text)
        self.items += 1

    @property
    def sha256(self) -> str:
        """Of all lines so far, as lower-case hex."""
        return self._hash.hexdigest()


async def pages(set_id: UUID, batch: int = BATCH) -> AsyncIterator[list[Row]]:
    """Yield the items of a set in the order of their ids, `batch` at a time, by a statement each."""
    after = UUID(int=0)
    while True:
        rows = await fetch(
            "SELECT * FROM training_items WHERE set_id = $1 AND id > $2 ORDER BY id LIMIT $3", set_id, after, batch
        )
        if rows:
            yield rows
        if len(rows) < batch:
            return
        after = rows[-1]["id"]


def seal(signer: Signer, data_set: Row, digest: Digest, at: datetime, type: str) -> str:
    """Sign which set it is, how many lines it has, and their digest."""
    claims = {
        "set": str(data_set["id"]),
        "name": data_set["name"],
        "items": digest.items,
        "sha256": digest.sha256,
        "iat": int(at.timestamp()),
    }
    return signer.sign(claims, type)
