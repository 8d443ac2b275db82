"""The bytes of pictures, read once for their hashes; nothing is kept of them."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.core.db import Row
from app.core.ports import ObjectStore
from app.training.manifest import key_of

READS = 8
"""Objects that are read at once."""


@dataclass(frozen=True, slots=True)
class Content:
    """What there is to say of bytes."""

    sha256: str
    size: int


async def read_all(store: ObjectStore, wanted: Sequence[Row]) -> Mapping[UUID, Content]:
    """Return hash and size of pictures' bytes, in bounded memory; those that are not what was stored are left out."""
    turns = asyncio.Semaphore(READS)

    async def one(facts: Row) -> Content | None:
        async with turns:
            return await _read(store, key_of(facts["picture_id"]), facts["etag"])

    found = await asyncio.gather(*(one(facts) for facts in wanted))
    return {facts["picture_id"]: each for facts, each in zip(wanted, found, strict=True) if each is not None}


async def _read(store: ObjectStore, key: str, etag: str) -> Content | None:
    digest, size = hashlib.sha256(), 0
    try:
        async for chunk in store.read(key):
            digest.update(chunk)
            size += len(chunk)
    except KeyError:
        return None
    return Content(digest.hexdigest(), size) if digest.hexdigest().startswith(etag) else None
