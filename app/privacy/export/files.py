"""The files of an export: pictures that were made, reference pictures, the person's own, and uploads that wait.

Rows say where each lies. Bytes that are on their way out, or never came, are left out and counted; those of a picture
that is frozen, because it may show a child, are somebody else's to be protected (Art. 15(4) GDPR).
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from uuid import UUID

from app.core.db import Row, fetch
from app.core.ports import ObjectStore
from app.media.service import object_key
from app.media.uploads import part_keys
from app.media.variants import FILE_SUFFIX, Variant
from app.privacy.export.zipping import Member

BATCH = 200
IMAGES, REFERENCES, UPLOADS = "images", "references", "uploads"
"""Folders of the archive."""
AVATAR = f"avatar{FILE_SUFFIX}"
_SUFFIXES = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp"}
_PICTURES = """
    SELECT p.id, p.state, p.variants ? 'ORIGINAL' AS whole,
           EXISTS (SELECT FROM reference_images r WHERE r.picture_id = p.id) AS is_reference,
           EXISTS (SELECT FROM avatars a WHERE a.picture_id = p.id) AS is_avatar
    FROM pictures p WHERE p.person_id = $1 AND p.id > $2 ORDER BY p.id LIMIT $3"""
_UPLOADS = """
    SELECT id, content_type, byte_size FROM uploads
    WHERE person_id = $1 AND state = 'RECEIVED' AND id > $2 ORDER BY id LIMIT $3"""


@dataclass(slots=True)
class Files:
    """The files of one person, and what is not among them."""

    store: ObjectStore
    person: UUID
    images: int = 0
    references: int = 0
    uploads: int = 0
    has_avatar: bool = False
    missing: int = 0
    """Pictures without bytes: being made, or being deleted."""
    frozen: int = 0
    absent: set[UUID] = field(default_factory=set)
    """Pictures that no file is there of."""
    elsewhere: dict[UUID, str] = field(default_factory=dict)
    """Where the few lie that are not among the images."""

    @property
    def count(self) -> int:
        """How many files there were."""
        return self.images + self.references + self.uploads + self.has_avatar

    def path_of(self, picture: UUID) -> str | None:
        """Return where a picture lies in the archive, once the members were drawn; None where it does not."""
        return None if picture in self.absent else self.elsewhere.get(picture) or image_path(picture)

    async def members(self, *, pictures: bool = True, uploads: bool = True) -> AsyncGenerator[Member, None]:
        """Yield them, each found before it is yielded. Raises OSError where the store does not answer."""
        if pictures:
            async for row in _rows(_PICTURES, self.person):
                if member := await self._picture(row):
                    yield member
        if uploads:
            async for row in _rows(_UPLOADS, self.person):
                if member := await self._upload(row):
                    yield member

    async def _picture(self, row: Row) -> Member | None:
        if row["state"] == "FROZEN":
            self.frozen += 1
            self.absent.add(row["id"])
            return None
        variant = Variant.ORIGINAL if row["whole"] else Variant.SMALL
        chunks = await _begun(self.store, [object_key(row["id"], variant)]) if row["state"] == "STORED" else None
        if chunks is None:
            self.missing += 1
            self.absent.add(row["id"])
            return None
        return Member(self._counted(row), chunks, packed=True)

    def _counted(self, row: Row) -> str:
        if row["is_avatar"]:
            self.has_avatar = True
            return self.elsewhere.setdefault(row["id"], AVATAR)
        if row["is_reference"]:
            self.references += 1
            return self.elsewhere.setdefault(row["id"], f"{REFERENCES}/{row['id']}{FILE_SUFFIX}")
        self.images += 1
        return image_path(row["id"])

    async def _upload(self, row: Row) -> Member | None:
        chunks = await _begun(self.store, part_keys(row["id"], row["byte_size"]))
        if chunks is None:
            return None
        self.uploads += 1
        return Member(f"{UPLOADS}/{row['id']}{_SUFFIXES.get(row['content_type'], '')}", chunks)


def image_path(picture: UUID) -> str:
    """Return where a picture that was made lies in the archive."""
    return f"{IMAGES}/{picture}{FILE_SUFFIX}"


async def _rows(statement: str, person: UUID) -> AsyncGenerator[Row, None]:
    after = UUID(int=0)
    while rows := await fetch(statement, person, after, BATCH):
        for row in rows:
            yield row
        after = rows[-1]["id"]


async def _begun(store: ObjectStore, keys: list[str]) -> AsyncGenerator[bytes, None] | None:
    """Return a reader of objects one after the other, of which the first byte is there; None where it is not."""
    chunks = _joined(store, keys)
    try:
        first = await anext(chunks, b"")
    except KeyError:
        return None
    return _rejoined(first, chunks)


async def _joined(store: ObjectStore, keys: list[str]) -> AsyncGenerator[bytes, None]:
    for key in keys:
        async for chunk in store.read(key):
            yield chunk


async def _rejoined(first: bytes, rest: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    try:
        yield first
        async for chunk in rest:
            yield chunk
    finally:
        await rest.aclose()
