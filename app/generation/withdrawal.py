"""What withdrawing the consent to faces does to pictures that are being made by one, in the caller's transaction."""

from uuid import UUID

from app.core.db import fetch
from app.generation.service import UNFINISHED, cancel_each
from app.media.references import delete_faces


async def withdraw_faces(person_id: UUID) -> None:
    """Cancel what waits or runs with a face of the person's, and delete their reference pictures with faces.

    An engine that asks for one picture after the other would go on sending the face until its order is done.
    """
    wanted = await fetch(
        """SELECT DISTINCT g.id, g.job_id, g.user_id FROM generations g
           JOIN generation_references l ON l.generation_id = g.id
           JOIN reference_images r ON r.id = l.reference_image_id
           WHERE g.user_id = $1 AND r.has_face AND g.status = ANY($2)""",
        person_id,
        [status.value for status in UNFINISHED],
    )
    await cancel_each(wanted)
    await delete_faces(person_id)
