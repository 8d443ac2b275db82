"""What a person had made, with its pictures: for the pages that show them, and for taking them to another service."""

from collections.abc import AsyncGenerator, Callable
from typing import Any
from uuid import UUID

import orjson

from app.core.db import Row, fetch

BATCH = 100
_WORKS = """
    SELECT g.id, g.prompt, g.negative_prompt, g.engine, g.seed, g.width, g.height, g.count, g.style, g.status,
           g.created_at, g.started_at, g.finished_at,
           coalesce((SELECT jsonb_agg(jsonb_build_object('id', p.id, 'index', i.index, 'width', p.width,
                                                         'height', p.height) ORDER BY i.index)
                     FROM generated_images i JOIN pictures p ON p.id = i.picture_id
                     WHERE i.generation_id = g.id), '[]') AS pictures
    FROM generations g WHERE g.user_id = $1 AND ($2::uuid IS NULL OR g.id < $2) ORDER BY g.id DESC LIMIT $3"""


async def works(person: UUID, size: int = BATCH) -> AsyncGenerator[list[Row], None]:
    """Yield generations, newest first, at most `size` at once, with `pictures`: id, index, width, height of each."""
    before = None
    while rows := await fetch(_WORKS, person, before, size):
        yield [{**row, "pictures": orjson.loads(row["pictures"])} for row in rows]
        before = rows[-1]["id"]


async def portable(person: UUID, path_of: Callable[[UUID], str | None]) -> AsyncGenerator[bytes, None]:
    """Yield a line of JSON for each generation that ended well: the documented format (docs/export-format.md)."""
    async for rows in works(person):
        lines = [_line(row, path_of) for row in rows if row["status"] == "SUCCEEDED"]
        if lines:
            yield b"\n".join(lines) + b"\n"


def _line(row: Row, path_of: Callable[[UUID], str | None]) -> bytes:
    said: dict[str, Any] = {
        "id": str(row["id"]),
        "prompt": row["prompt"],
        "negativePrompt": row["negative_prompt"],
        "engine": row["engine"],
        "seed": row["seed"],
        "width": row["width"],
        "height": row["height"],
        "style": row["style"],
        "createdAt": row["created_at"],
        "pictures": [
            {"path": path, "index": picture["index"]}
            for picture in row["pictures"]
            if (path := path_of(UUID(picture["id"])))
        ],
    }
    return orjson.dumps(said, option=orjson.OPT_UTC_Z)
