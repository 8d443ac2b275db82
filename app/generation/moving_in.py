"""Generations that a person brings along from another service: what was made there, with its pictures."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import feed
from app.core.db import execute, fetch, fetch_one, transaction
from app.core.errors import InvalidInput
from app.core.ids import uuid7
from app.generation.status import EventType
from app.generation.wishes import MAX_SEED
from app.media.service import keep

MAX_TEXT = 20_000
"""Characters of a prompt: no engine takes as many."""
MAX_NAME = 64
MAX_SIDE = 16_384
"""Pixels."""
MAX_PICTURES = 16
"""Of one generation."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What is said of a generation elsewhere. Raises InvalidInput for what nothing here could have been."""

    id: UUID
    """There."""
    prompt: str
    negative_prompt: str | None
    engine: str
    seed: int
    width: int
    height: int
    style: str | None
    created_at: datetime

    def __post_init__(self) -> None:
        texts = (self.prompt, self.negative_prompt or "")
        names = (self.engine, self.style or "")
        if any("\x00" in text or len(text) > MAX_TEXT for text in texts) or any(len(name) > MAX_NAME for name in names):
            raise InvalidInput("A text of a generation is too long.")
        if not (0 < self.width <= MAX_SIDE and 0 < self.height <= MAX_SIDE and 0 <= self.seed <= MAX_SEED):
            raise InvalidInput("A size or a seed is out of range.")
        if self.created_at.tzinfo is None:
            raise InvalidInput("A time has no time zone.")


def id_here(person: UUID, elsewhere: UUID) -> UUID:
    """Return the id that a generation gets here: always the same for a person, and as old as there.

    The 48 bits of a UUIDv7 that are its time stay (RFC 9562, section 5.7); the random ones are a hash of both ids.
    """
    random = int.from_bytes(hashlib.sha256(person.bytes + elsewhere.bytes).digest()[:10])
    time = elsewhere.int >> 80
    return UUID(int=time << 80 | 0x7 << 76 | (random >> 62 & 0xFFF) << 64 | 0x2 << 62 | random & (1 << 62) - 1)


async def is_here(person: UUID, elsewhere: UUID) -> bool:
    """Return whether a generation was brought already."""
    return bool(await fetch("SELECT id FROM generations WHERE id = $1", id_here(person, elsewhere)))


async def move_in(person: UUID, brought: Brought, pictures: Sequence[UUID]) -> bool:
    """Record a generation with pictures that were uploaded, private; return whether it was not here before."""
    generation = id_here(person, brought.id)
    async with transaction():
        if await fetch_one("SELECT id FROM users WHERE id = $1 FOR SHARE", person) is None:
            raise InvalidInput("The account is gone.")
        made = await fetch(
            """INSERT INTO generations (id, user_id, prompt, negative_prompt, engine, seed, width, height, count, style,
                                        visibility, status, created_at, started_at, finished_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'PRIVATE', 'SUCCEEDED', $11, $11, $11)
               ON CONFLICT (id) DO NOTHING RETURNING id""",
            generation,
            person,
            brought.prompt,
            brought.negative_prompt,
            brought.engine,
            brought.seed,
            brought.width,
            brought.height,
            max(1, len(pictures)),
            brought.style,
            brought.created_at,
        )
        if not made:
            return False
        for index, picture in enumerate(pictures):
            await keep(picture)
            await execute(
                "INSERT INTO generated_images (id, generation_id, index, picture_id) VALUES ($1, $2, $3, $4)",
                uuid7(),
                generation,
                index,
                picture,
            )
        await feed.append(person, generation, EventType.SUCCEEDED, 1.0)
    return True
