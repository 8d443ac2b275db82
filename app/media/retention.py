"""How long uploads, and addresses of pictures elsewhere, last."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from app.core import idempotency
from app.core.db import Row, execute, fetch
from app.core.personal_data import Retention
from app.core.sweeps import Sweep, SweepPorts
from app.media.references import delete_references
from app.media.service import delete_pictures
from app.media.uploads import GRACE, delete_parts

SOURCES_LAST = timedelta(days=1)


async def _delete_bytes(ports: SweepPorts, uploads: Sequence[Row]) -> None:
    for upload in uploads:
        await delete_parts(upload["id"], upload["byte_size"], ports.store)


async def _delete_uploads(_ports: SweepPorts, _at: datetime, ids: Sequence[UUID]) -> int:
    await execute("DELETE FROM uploads WHERE id = ANY($1)", list(ids))
    await idempotency.forget(ids)
    return len(ids)


async def empty_out(person_id: UUID) -> None:
    """Delete the pictures that a person added and what they said of faces, in the caller's transaction."""
    references = await fetch("SELECT id FROM reference_images WHERE person_id = $1 ORDER BY id FOR UPDATE", person_id)
    await delete_references([row["id"] for row in references])
    avatars = await fetch("DELETE FROM avatars WHERE person_id = $1 RETURNING picture_id", person_id)
    await delete_pictures([row["picture_id"] for row in avatars])
    await execute("DELETE FROM face_acknowledgements WHERE person_id = $1", person_id)


SWEEPS = (
    Sweep(
        Retention.UPLOAD,
        "uploads",
        "r.expires_at",
        GRACE,
        columns="r.byte_size",
        outside=_delete_bytes,
        inside=_delete_uploads,
    ),
    Sweep(Retention.COPYING, "avatar_sources", "r.created_at", SOURCES_LAST),
)
