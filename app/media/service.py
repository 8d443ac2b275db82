"""Commands: store a picture, delete what a crash left half done."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

import orjson

from app.core import jobs
from app.core.db import execute, fetch
from app.core.ids import uuid7
from app.core.jobs import JobKind
from app.core.lockout import unlocked
from app.core.ports import ObjectStore
from app.media.errors import OwnerGone
from app.media.variants import PreparedPicture, Variant

DELETE_PICTURES = JobKind("media.delete_pictures", queue="default")
UNFINISHED_AFTER = timedelta(hours=1)


def object_key(picture_id: UUID, variant: Variant) -> str:
    """Return where a variant's bytes are."""
    return f"pictures/{picture_id}/{variant.file_name}"


async def upload(person_id: UUID, picture: PreparedPicture, store: ObjectStore) -> UUID:
    """Write a picture's bytes and return its id; it is not to be seen before `keep`.

    The PENDING row is committed first, so that whatever happens the bytes belong to a row. What fails or is cancelled
    on the way takes its bytes back at once and leaves its row: a write that was cut off may arrive all the same, and
    the job that deletes what a crash left looks for it again an hour later. Raises OwnerGone.
    """
    picture_id = uuid7()
    variants: dict[str, dict[str, str | int]] = {
        variant.name.value: {
            "byte_size": variant.byte_size,
            "width": variant.width,
            "height": variant.height,
            "content_type": variant.content_type,
            "etag": hashlib.sha256(variant.content).hexdigest()[:32],
        }
        for variant in picture.variants
    }
    try:
        await _insert(picture_id, person_id, picture, variants)
        for variant in picture.variants:
            await store.put(object_key(picture_id, variant.name), variant.content)
    except (Exception, asyncio.CancelledError):
        await _delete_objects(picture_id, store)
        raise
    return picture_id


async def _insert(
    picture_id: UUID, person_id: UUID, picture: PreparedPicture, variants: Mapping[str, Mapping[str, str | int]]
) -> None:
    kept = await fetch(
        f"""INSERT INTO pictures (id, person_id, state, width, height, placeholder, variants, created_at)
            SELECT $1, u.id, 'PENDING', $3, $4, $5, $6, now() FROM users u WHERE u.id = $2 AND {unlocked("u")}
            RETURNING id""",  # noqa: S608
        picture_id,
        person_id,
        picture.width,
        picture.height,
        picture.placeholder,
        orjson.dumps(variants).decode(),
    )
    if not kept:
        raise OwnerGone("This account is locked or gone: nothing more is kept for it.")


async def keep(picture_id: UUID) -> None:
    """Mark an uploaded picture as stored, in the caller's transaction."""
    await execute("UPDATE pictures SET state = 'STORED' WHERE id = $1", picture_id)


async def discard(picture_id: UUID, store: ObjectStore) -> None:
    """Delete a picture that `upload` returned and nobody kept; one that was kept stays."""
    if await fetch("SELECT id FROM pictures WHERE id = $1 AND state = 'PENDING'", picture_id):
        await _delete(picture_id, store)


async def delete_pictures(picture_ids: Sequence[UUID]) -> None:
    """Hide pictures at once, in the caller's transaction; a job deletes their bytes and rows."""
    if picture_ids:
        await execute("UPDATE pictures SET state = 'DELETED' WHERE id = ANY($1)", list(picture_ids))
        await jobs.record(DELETE_PICTURES, {})


async def delete_bytes(store: ObjectStore, older_than: timedelta = UNFINISHED_AFTER, limit: int = 500) -> int:
    """Delete bytes and rows of pictures that are to go, and of those that were uploaded but not kept within
    `older_than`; at most `limit`. Return how many.
    """
    rows = await fetch(
        """SELECT id FROM pictures
           WHERE state = 'DELETED' OR (state = 'PENDING' AND created_at < now() - $1::interval) LIMIT $2""",
        older_than,
        limit,
    )
    for row in rows:
        await _delete(row["id"], store)
    return len(rows)


async def freeze_pictures(picture_ids: Sequence[UUID]) -> None:
    """Hide pictures from everybody until `thaw_pictures`, in the caller's transaction."""
    await execute("UPDATE pictures SET state = 'FROZEN' WHERE id = ANY($1) AND state = 'STORED'", list(picture_ids))


async def thaw_pictures(picture_ids: Sequence[UUID]) -> None:
    """Show pictures again that were frozen, in the caller's transaction."""
    await execute("UPDATE pictures SET state = 'STORED' WHERE id = ANY($1) AND state = 'FROZEN'", list(picture_ids))


async def _delete(picture_id: UUID, store: ObjectStore) -> None:
    """Bytes first, then the row: a crash in between leaves a row, and the row is found again."""
    await _delete_objects(picture_id, store)
    await execute("DELETE FROM pictures WHERE id = $1 AND state <> 'STORED'", picture_id)


async def _delete_objects(picture_id: UUID, store: ObjectStore) -> None:
    for variant in Variant:
        await store.delete(object_key(picture_id, variant))
