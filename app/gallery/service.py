"""Commands: show a generation to everybody, or stop showing it.

`generation` says what the author wishes (visibility, showPrompt); a row of the gallery is what is in fact shown. It is
made when the wish and the pictures are both there: on the wish, or when the pictures are done.
"""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from app.core.db import execute, fetch_one, transaction
from app.core.errors import NotFound
from app.core.ids import uuid7
from app.core.viewer import Viewer
from app.generation.status import GenerationStatus
from app.generation.wishes import Visibility


async def set_visibility(
    viewer: Viewer,
    generation_id: UUID,
    visibility: Visibility,
    *,
    show_prompt: bool,
    on_private: Callable[[UUID], Awaitable[None]],
) -> None:
    """Say who may see a generation's pictures, and whether its prompt is shown with them.

    `on_private` is what else it means, for others who use the pictures because they are public, that they are not (any
    more); it gets the generation's id, in the same transaction. Raises NotFound.
    """
    async with transaction():
        row = await fetch_one(
            """UPDATE generations SET visibility = $3, show_prompt = $4 WHERE id = $1 AND user_id = $2
               RETURNING status""",
            generation_id,
            viewer.user_id,
            visibility.value,
            show_prompt,
        )
        if row is None:
            raise NotFound("There is no such generation of yours.", path=("id",))
        if visibility is Visibility.PRIVATE:
            await execute("DELETE FROM gallery_items WHERE generation_id = $1", generation_id)
            await on_private(generation_id)
        elif row["status"] == GenerationStatus.SUCCEEDED:
            await publish(generation_id)


async def publish(generation_id: UUID) -> None:
    """Show a generation that wishes it, in the caller's transaction; one that is shown is brought up to date."""
    await execute(
        f"""INSERT INTO gallery_items (id, generation_id, author_id, prompt, style, published_at, hidden)
           SELECT $2, id, user_id, CASE WHEN show_prompt THEN prompt END, style, now(), {_FROZEN.format("g.id")}
           FROM generations g WHERE id = $1 AND visibility = 'PUBLIC' AND status = 'SUCCEEDED'
           ON CONFLICT (generation_id) DO UPDATE SET prompt = EXCLUDED.prompt""",  # noqa: S608
        generation_id,
        uuid7(),
    )


async def hide_frozen(generation_ids: Sequence[UUID]) -> None:
    """Hide what is published of these generations where their pictures are frozen, and show the rest of it again.

    In the caller's transaction.
    """
    await execute(
        f"UPDATE gallery_items g SET hidden = {_FROZEN.format('g.generation_id')} WHERE generation_id = ANY($1)",  # noqa: S608
        list(generation_ids),
    )


_FROZEN = """EXISTS (SELECT FROM generated_images i JOIN pictures p ON p.id = i.picture_id
             WHERE i.generation_id = {} AND p.state = 'FROZEN')"""
