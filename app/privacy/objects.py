"""The rows that stand for objects in the store, and what deletes both."""

from collections.abc import Mapping
from uuid import UUID

from app.core.db import fetch_one
from app.core.jobs import Count, Hold
from app.core.ports import ObjectStore
from app.media.erasing import erase_pictures, erase_uploads
from app.privacy.addressed import erase_copies
from app.privacy.archives import erase_archives
from app.privacy.erasure import EraseObjects


def object_erasers(store: ObjectStore) -> Mapping[str, EraseObjects]:
    """Return, by table, what deletes a person's objects and their rows."""

    async def pictures(person: UUID, hold: Hold, count: Count) -> None:
        await erase_pictures(person, store, hold, count)

    async def uploads(person: UUID, hold: Hold, count: Count) -> None:
        await erase_uploads(person, store, hold, count)

    async def archives(person: UUID, hold: Hold, count: Count) -> None:
        row = await fetch_one("SELECT confirmed_email FROM users WHERE id = $1", person)
        if row and row["confirmed_email"]:
            await erase_copies(row["confirmed_email"], store, hold)
        await erase_archives(person, store, hold, count)

    return {"pictures": pictures, "uploads": uploads, "privacy_archives": archives}
