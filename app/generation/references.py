"""The reference pictures of generations: linked when one is asked for, read when it is made, swept once none waits."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import orjson

from app.consents.errors import ConsentMissing, ProcessingRestricted
from app.consents.office import ConsentOffice
from app.consents.queries import standing
from app.core.consent_purposes import ConsentPurpose
from app.core.db import Row, execute, fetch
from app.core.errors import ConsentRequired, NotFound
from app.core.ids import uuid7
from app.core.personal_data import Activity, Category
from app.core.ports import ObjectStore
from app.core.purposes import Allows
from app.core.viewer import Viewer
from app.generation.engines import base
from app.generation.engines.base import Engine, Reference
from app.generation.errors import BeyondCapabilities
from app.media import queries as media
from app.media.faces import Box
from app.media.queries import ReferenceRecord
from app.media.service import object_key
from app.media.variants import CONTENT_TYPE, Variant

MARGIN = timedelta(minutes=5)
"""How much longer than its time a picture stays: no transaction that still found it is open by then."""


class ReferenceGone(base.EngineError):
    """A reference picture was deleted while the generation waited."""

    code = "REFERENCE_GONE"

    def __init__(self) -> None:
        super().__init__("A reference picture was deleted before its turn came: ask again with another one.")


class FaceConsentGone(base.EngineError):
    """The consent to use faces was taken back, or is asked anew, while the generation waited."""

    code = "CONSENT_REQUIRED"

    def __init__(self) -> None:
        super().__init__(
            "There is a face in a reference picture, and no consent to use it that counts any more: answer "
            "`FACE_REFERENCE_IMAGES` with `setConsents`, then ask again."
        )


async def check_references(viewer: Viewer | None, ids: Sequence[UUID], engine: Engine, consents: ConsentOffice) -> None:
    """Return if the engine may be given these pictures of the viewer's.

    In a transaction they cannot be deleted until its end. Raises NotFound, BeyondCapabilities, and ConsentRequired for
    a face where the consent has to be given anew, each with the path of the picture.
    """
    if not ids:
        return
    rows = await fetch(
        """SELECT r.id, r.has_face FROM reference_images r JOIN pictures p ON p.id = r.picture_id
           WHERE r.person_id = $1 AND r.id = ANY($2) AND (r.expires_at IS NULL OR r.expires_at > now())
             AND p.state = 'STORED'
           ORDER BY r.id FOR KEY SHARE OF r""",
        viewer.user_id if viewer else None,
        list(ids),
    )
    has_face = {row["id"]: row["has_face"] for row in rows}
    for position, id in enumerate(ids):
        path = ("generation", "references", str(position), "imageId")
        if id not in has_face:
            raise NotFound("There is no such reference picture of yours (any more).", path=path)
        if has_face[id] and engine.retention is None:
            raise BeyondCapabilities(
                "There is a face in this picture, and this engine gives no proof that it keeps nothing: leave the "
                "picture out or choose an engine with `retention`.",
                path=path,
            )
        if has_face[id] and viewer is not None:
            await _check_consent(viewer, consents, path)


async def _check_consent(viewer: Viewer, consents: ConsentOffice, path: Sequence[str]) -> None:
    """Raise ConsentRequired where a later privacy policy asks for faces anew; a withdrawal has deleted them already."""
    purpose = ConsentPurpose.FACE_REFERENCE_IMAGES
    if not (await standing(viewer, consents.notices, consents.clock))[purpose].permits:
        notice = await consents.notices.in_force(consents.clock.now())
        raise ConsentRequired(
            "There is a face in this picture, and no consent to use it that counts: ask for it with `setConsents`.",
            purpose=purpose.value,
            policy_version=notice.version,
            path=path,
        )


async def link(generation_id: UUID, ids: Sequence[UUID]) -> None:
    """Give a new generation its reference pictures, in the caller's transaction."""
    for position, id in enumerate(ids):
        await execute(
            """INSERT INTO generation_references (id, generation_id, position, reference_image_id)
               VALUES ($1, $2, $3, $4)""",
            uuid7(),
            generation_id,
            position,
            id,
        )


async def linked(generation_id: UUID) -> list[UUID | None]:
    """Return the reference pictures of a generation, in their order; None for each that was deleted."""
    rows = await fetch(
        "SELECT reference_image_id FROM generation_references WHERE generation_id = $1 ORDER BY position",
        generation_id,
    )
    return [row["reference_image_id"] for row in rows]


async def references_of(viewer: Viewer, generation_ids: Sequence[UUID]) -> list[list[ReferenceRecord]]:
    """Return what is left of the reference pictures of each of the viewer's generations. One statement."""
    rows = await fetch(
        f"""SELECT l.generation_id, found.* FROM generation_references l
            JOIN ({media.SELECT_REFERENCES} WHERE r.person_id = $1) found ON found.id = l.reference_image_id
            WHERE l.generation_id = ANY($2) ORDER BY l.generation_id, l.position""",  # noqa: S608
        viewer.user_id,
        list(generation_ids),
    )
    found: dict[UUID, list[ReferenceRecord]] = {id: [] for id in generation_ids}
    for row in rows:
        found[row["generation_id"]].append(media.reference_record(row))
    return [found[id] for id in generation_ids]


async def material(
    generation_id: UUID, person_id: UUID, engine: Engine, store: ObjectStore, allows: Allows
) -> tuple[Reference, ...]:
    """Return what an order is given of the reference pictures.

    What may have changed while the generation waited is looked at again, the consent last. Raises ReferenceGone,
    FaceConsentGone, and FaceNotAllowed for an engine that lost its retention proof: of one that leads elsewhere the
    gate says so, on record.
    """
    rows = await fetch(
        """SELECT r.picture_id, r.has_face, r.face FROM generation_references l
           LEFT JOIN reference_images r ON r.id = l.reference_image_id
           WHERE l.generation_id = $1 ORDER BY l.position""",
        generation_id,
    )
    if any(row["picture_id"] is None for row in rows):
        raise ReferenceGone
    if engine.retention is None and engine.processor is None and any(row["has_face"] for row in rows):
        raise base.FaceNotAllowed
    references = tuple([await _reference(row, store) for row in rows])
    if any(reference.has_face for reference in references):
        try:
            await allows(person_id, Activity.FACE_REFERENCES, Category.FACE)
        except (ConsentMissing, ProcessingRestricted):
            raise FaceConsentGone from None
    return references


async def _reference(row: Row, store: ObjectStore) -> Reference:
    try:
        content = b"".join([chunk async for chunk in store.read(object_key(row["picture_id"], Variant.ORIGINAL))])
    except KeyError:
        raise ReferenceGone from None
    face = Box(*orjson.loads(row["face"])) if row["face"] else None
    return Reference(content, CONTENT_TYPE, row["has_face"], face)
