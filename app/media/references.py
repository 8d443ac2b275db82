"""Commands: make a reference picture of an upload, delete reference pictures."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

import orjson
import structlog

from app.consents.service import acknowledge_faces
from app.core import idempotency, jobs
from app.core.consent_purposes import ConsentPurpose
from app.core.db import Row, execute, fetch, fetch_one, transaction
from app.core.errors import Conflict, ConsentRequired, InvalidInput, NotFound
from app.core.ids import uuid7
from app.core.keys import keyed_hash
from app.core.viewer import Viewer
from app.journal import service as journal
from app.media import imaging, service
from app.media.acknowledgement import CURRENT, Acknowledged
from app.media.errors import UnreadablePicture
from app.media.faces import Faces
from app.media.pool import WorkerLost
from app.media.uploads import DELETE_UPLOADS, GRACE, Intake, content_of, one_at_a_time
from app.media.variants import ExaminedPicture

KEPT = timedelta(hours=24)
"""How long a picture is kept that is not saved."""

log = structlog.get_logger(__name__)


async def add_reference_image(
    viewer: Viewer,
    upload_id: UUID,
    acknowledged: Acknowledged | None,
    *,
    saved: bool,
    key: str,
    intake: Intake,
    hash_key: bytes,
) -> UUID:
    """Make a reference picture of an upload, which is used up by it; return its id.

    Nothing but pixels is kept of what was sent. Raises ConsentRequired for a face without the acknowledgement in its
    present wording (the upload stays), InvalidInput for what is no picture, NotFound, Conflict, IdempotencyMismatch,
    IdempotencyInProgress.
    """
    input_hash = keyed_hash(hash_key, orjson.dumps([upload_id, acknowledged and asdict(acknowledged), saved]))
    async with transaction():
        made = await idempotency.begin(viewer.user_id, "addReferenceImage", key, input_hash)
    if made is not None:
        return made
    examined = await _examined(viewer, await _received(viewer, upload_id), intake)
    if examined.faces.found:
        _check_acknowledged(acknowledged)
    picture_id = await service.upload(viewer.user_id, examined.picture, intake.store)
    try:
        async with transaction():
            made = await idempotency.begin(viewer.user_id, "addReferenceImage", key, input_hash)
            if made is None:
                await _use_up(upload_id)
                made = await _insert(viewer.user_id, picture_id, examined.faces, saved, intake)
                if examined.faces.found and acknowledged is not None:
                    await _record(viewer.user_id, made, acknowledged, intake)
                    await acknowledge_faces(viewer.user_id, intake.consents)
                await idempotency.finish(viewer.user_id, "addReferenceImage", key, input_hash, made)
    finally:
        await service.discard(picture_id, intake.store)  # unless it was kept
    return made


async def _received(viewer: Viewer, upload_id: UUID) -> Row:
    row = await fetch_one(
        """SELECT id, state, byte_size FROM uploads
           WHERE id = $1 AND person_id = $2 AND state NOT IN ('DELETED', 'GONE')
             AND expires_at > now() - $3::interval""",
        upload_id,
        viewer.user_id,
        GRACE,
    )
    if row is None:
        raise no_upload()
    if row["state"] != "RECEIVED":
        raise Conflict("The bytes are not here yet: PUT them to the upload's URL first.", path=("uploadId",))
    return row


async def _examined(viewer: Viewer, upload: Row, intake: Intake) -> ExaminedPicture:
    try:
        async with intake.turn(viewer.user_id):
            content = await _content(upload, intake)
            return await intake.compute(imaging.examine, content, max_pixels=intake.limits.max_pixels)
    except UnreadablePicture as error:
        raise InvalidInput(error.message, path=("uploadId",)) from None
    except (TimeoutError, WorkerLost) as error:
        log.warning("reference.not_examined", error=type(error).__name__)
        raise InvalidInput("The picture takes too much to read: send a smaller one.", path=("uploadId",)) from None


async def _content(upload: Row, intake: Intake) -> bytes:
    try:
        return await content_of(upload, intake.store)
    except KeyError:  # the sweep was there first
        raise no_upload() from None


def _check_acknowledged(acknowledged: Acknowledged | None) -> None:
    if acknowledged is None or acknowledged.version != CURRENT.version:
        statements = " / ".join(CURRENT.statements.values())
        raise ConsentRequired(
            f"{CURRENT.text} {statements} (`faceAcknowledgement` has the wording; send its version and a statement.)",
            purpose=ConsentPurpose.FACE_REFERENCE_IMAGES,
            policy_version=CURRENT.version,
            path=("acknowledgement",),
        )


async def _use_up(upload_id: UUID) -> None:
    used = await fetch(
        "UPDATE uploads SET state = 'DELETED' WHERE id = $1 AND state = 'RECEIVED' RETURNING id", upload_id
    )
    if not used:
        raise no_upload()
    await jobs.record(DELETE_UPLOADS, {})


async def _insert(person_id: UUID, picture_id: UUID, faces: Faces, saved: bool, intake: Intake) -> UUID:
    await one_at_a_time(person_id, "references")
    limit = intake.limits.references
    row = await fetch_one(
        """SELECT count(*) AS there FROM reference_images
           WHERE person_id = $1 AND saved = $2 AND (expires_at IS NULL OR expires_at > now())""",
        person_id,
        saved,
    )
    if row is not None and row["there"] >= limit:
        kind = "saved" if saved else "unsaved"
        raise Conflict(f"You have {limit} {kind} reference pictures: delete some first.", path=("saved",))
    await service.keep(picture_id)
    reference_id, now, box = uuid7(), intake.clock.now(), faces.largest
    await execute(
        """INSERT INTO reference_images (id, person_id, picture_id, has_face, face, saved, created_at, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
        reference_id,
        person_id,
        picture_id,
        faces.found,
        orjson.dumps([box.left, box.top, box.width, box.height]).decode() if box else None,
        saved,
        now,
        None if saved else now + KEPT,
    )
    return reference_id


async def _record(person_id: UUID, reference_id: UUID, acknowledged: Acknowledged, intake: Intake) -> None:
    await execute(
        """INSERT INTO face_acknowledgements
             (id, person_id, reference_image_id, statement, version, wording_sha256, acknowledged_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)""",
        uuid7(),
        person_id,
        reference_id,
        acknowledged.statement.value,
        CURRENT.version,
        CURRENT.sha256,
        intake.clock.now(),
    )


async def delete_reference_image(viewer: Viewer, reference_id: UUID, *, key: str, hash_key: bytes) -> None:
    """Delete a reference picture: hidden at once, its bytes deleted by a job.

    Raises NotFound, IdempotencyMismatch, IdempotencyInProgress.
    """
    input_hash = keyed_hash(hash_key, reference_id.bytes)
    async with transaction():
        if await idempotency.begin(viewer.user_id, "deleteReferenceImage", key, input_hash) is not None:
            return
        own = await fetch(
            "SELECT id FROM reference_images WHERE id = $1 AND person_id = $2 FOR UPDATE", reference_id, viewer.user_id
        )
        if not own:
            raise NotFound("There is no such reference picture of yours.", path=("id",))
        await delete_references([reference_id])
        await journal.record(journal.Decision.REFERENCE_DELETED, viewer.user_id, objects=[reference_id])
        await idempotency.finish(viewer.user_id, "deleteReferenceImage", key, input_hash, viewer.user_id)


async def delete_anew(person_id: UUID, reference_id: UUID) -> None:
    """Delete what was deleted before and a backup brought back, in the caller's transaction; if it did."""
    own = await fetch(
        "SELECT id FROM reference_images WHERE id = $1 AND person_id = $2 FOR UPDATE", reference_id, person_id
    )
    await delete_references([row["id"] for row in own])


async def delete_faces(person_id: UUID) -> None:
    """Delete a person's reference pictures with faces, in the caller's transaction: they withdrew their consent."""
    rows = await fetch(
        "SELECT id FROM reference_images WHERE person_id = $1 AND has_face ORDER BY id FOR UPDATE", person_id
    )
    await delete_references([row["id"] for row in rows])


async def delete_references(ids: Sequence[UUID]) -> None:
    """Delete reference pictures in the caller's transaction. What was acknowledged about them stays on record."""
    rows = await fetch("DELETE FROM reference_images WHERE id = ANY($1) RETURNING picture_id", list(ids))
    await idempotency.forget(ids)
    await service.delete_pictures([row["picture_id"] for row in rows])


def no_upload() -> NotFound:
    """Return the error for an upload that is not there, or not the viewer's."""
    return NotFound("There is no such upload of yours: ask `createUpload` for a new one.", path=("uploadId",))


async def faces_of(person: UUID) -> int:
    """Return how many reference pictures of a person have a face in them."""
    row = await fetch_one("SELECT count(*) AS number FROM reference_images WHERE person_id = $1 AND has_face", person)
    return int(row["number"]) if row else 0
