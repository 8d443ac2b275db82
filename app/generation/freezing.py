"""What freezing an account does to what is made, in the caller's transaction: also to what others make from its
reference pictures. Nobody is given those of others, but what goes is what the rows say, not what we believe of them.
"""

from collections.abc import Sequence
from uuid import UUID

from app.core.db import Row, fetch, transaction
from app.core.jobs import Count, Hold
from app.core.lockout import frozen
from app.generation.service import UNFINISHED, cancel_each, remove
from app.media.service import freeze_pictures, thaw_pictures

BATCH = 100
_MADE_FROM = """SELECT DISTINCT g.id, g.job_id, g.user_id FROM generations g
                JOIN generation_references l ON l.generation_id = g.id
                JOIN reference_images r ON r.id = l.reference_image_id
                WHERE r.person_id = $1 AND g.user_id <> $1"""
"""What others made, or are making, from a person's reference pictures."""
_AND_FROM_ANOTHER = f"""EXISTS (SELECT FROM generation_references k
                                JOIN reference_images o ON o.id = k.reference_image_id
                                JOIN users u ON u.id = o.person_id
                                WHERE k.generation_id = g.id AND o.person_id <> $1 AND {frozen("u")})"""


async def freeze(person_id: UUID) -> Sequence[UUID]:
    """Cancel what waits or runs of a person and from their reference pictures, and hide what others made from those.

    Returns the generations of others.
    """
    made = await fetch(_MADE_FROM, person_id)
    await cancel_each([*await _unfinished(person_id), *made])
    await freeze_pictures(await _pictures(made))
    return [row["id"] for row in made]


async def stop(person_id: UUID) -> None:
    """Cancel what waits or runs of a person whose account is locked for no reason that touches others."""
    await cancel_each(await _unfinished(person_id))


async def _unfinished(person_id: UUID) -> Sequence[Row]:
    unfinished = [status.value for status in UNFINISHED]
    return await fetch(
        "SELECT id, job_id, user_id FROM generations WHERE user_id = $1 AND status = ANY($2)", person_id, unfinished
    )


async def thaw(person_id: UUID) -> Sequence[UUID]:
    """Show what others made again, but for what comes from another frozen person's pictures too; return it."""
    made = await fetch(f"{_MADE_FROM} AND NOT {_AND_FROM_ANOTHER}", person_id)
    await thaw_pictures(await _pictures(made))
    return [row["id"] for row in made]


async def delete_made_from(person_id: UUID, hold: Hold, count: Count) -> None:
    """Delete what others made from a person's reference pictures, in batches; counts generations."""
    while made := await fetch(f"{_MADE_FROM} LIMIT $2", person_id, BATCH):
        async with transaction():
            await hold()
            await cancel_each(made)
            for other in sorted({row["user_id"] for row in made}):
                await remove(other, [row["id"] for row in made if row["user_id"] == other])
            await count(len(made))


async def _pictures(made: Sequence[Row]) -> Sequence[UUID]:
    rows = await fetch(
        "SELECT picture_id FROM generated_images WHERE generation_id = ANY($1) AND picture_id IS NOT NULL",
        [row["id"] for row in made],
    )
    return [row["picture_id"] for row in rows]
