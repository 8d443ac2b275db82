"""The rows that stand for objects in the store, and what deletes both."""

from collections.abc import Mapping
from uuid import UUID

from app.core.jobs import Hold
from app.core.ports import ObjectStore
from app.media.service import erase_pictures
from app.media.uploads import erase_uploads
from app.privacy.erasure import EraseObjects


def object_erasers(store: ObjectStore) -> Mapping[str, EraseObjects]:
    """Return, by table, what deletes a person's objects and their rows."""

    async def pictures(person: UUID, hold: Hold) -> int:
        return await erase_pictures(person, store, hold)

    async def uploads(person: UUID, hold: Hold) -> int:
        return await erase_uploads(person, store, hold)

    return {"pictures": pictures, "uploads": uploads}
