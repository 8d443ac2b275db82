"""Whom the benchmarks find: people who are signed in, pictures that are shown, generations that are being made."""

from dataclasses import dataclass
from uuid import UUID

import asyncpg  # type: ignore[import-untyped]
import orjson

from app.accounts.tokens import PREFIX, hash_token
from app.core.ids import uuid7
from schema.relay import global_id

SHOWN = 200
IMAGES_EACH = 2
PROMPT = "A woman with red curly hair, glasses and a green jumper, a city behind her at night"
PLACEHOLDER = "LEHV6nWB2yk8pyo0adR*.7kCMdnj"
VARIANTS = {
    name: {"byte_size": size, "width": side, "height": side, "content_type": "image/webp", "etag": "0" * 32}
    for name, size, side in (("ORIGINAL", 112_640, 1024), ("LARGE", 30_720, 512), ("SMALL", 9_216, 256))
}


@dataclass(frozen=True, slots=True)
class Populace:
    """The nth person has the nth token and the nth running generation."""

    tokens: list[str]
    running: list[str]
    """Global ids of generations that are under way."""
    running_keys: list[UUID]
    people: list[UUID]


async def populate(connection: "asyncpg.Connection[asyncpg.Record]", count: int) -> Populace:
    """Make `count` people with a running generation each, and a gallery by the first of them."""
    people, running = [uuid7() for _ in range(count)], [uuid7() for _ in range(count)]
    tokens = [f"{PREFIX}benchmark{number:08}" for number in range(count)]
    async with connection.transaction():
        await connection.execute(
            """INSERT INTO users (id, email, password_hash, display_name, adult_attested_at, policy_version, created_at)
               SELECT id, 'person' || number || '@example.com', '!', 'Person ' || number, now(), '2026-03-24', now()
               FROM unnest($1::uuid[]) WITH ORDINALITY AS made (id, number)""",
            people,
        )
        await connection.execute(
            """INSERT INTO sessions (id, user_id, token_hash, created_at, expires_at)
               SELECT uuidv7(), user_id, hash, now(), now() + interval '1 day'
               FROM unnest($1::uuid[], $2::text[]) AS made (user_id, hash)""",
            people,
            [hash_token(token) for token in tokens],
        )
        await _make_generations(connection, running, people, "RUNNING")
        await connection.execute(
            """INSERT INTO feed_entries (id, person_id, sequence, object_id, type, progress, at)
               SELECT uuidv7(), person_id, sequence, object_id,
                      CASE sequence WHEN 1 THEN 'QUEUED' ELSE 'STARTED' END, 0, now()
               FROM unnest($1::uuid[], $2::uuid[]) AS made (person_id, object_id), generate_series(1, 2) AS sequence""",
            people,
            running,
        )
        await connection.execute("INSERT INTO feeds SELECT person_id, 2 FROM unnest($1::uuid[]) AS person_id", people)
        await _show(connection, people)
    await connection.execute("ANALYZE")
    return Populace(tokens, [global_id("Generation", key) for key in running], running, people)


async def _make_generations(
    connection: "asyncpg.Connection[asyncpg.Record]", ids: list[UUID], people: list[UUID], status: str
) -> None:
    await connection.execute(
        """INSERT INTO generations (id, user_id, prompt, engine, seed, width, height, count, visibility, show_prompt,
                                    status, created_at, started_at)
           SELECT id, user_id, $3, 'illustration', 1, 1024, 1024, $4, 'PUBLIC', true, $5, now(), now()
           FROM unnest($1::uuid[], $2::uuid[]) AS made (id, user_id)""",
        ids,
        people,
        PROMPT,
        IMAGES_EACH,
        status,
    )


async def _show(connection: "asyncpg.Connection[asyncpg.Record]", people: list[UUID]) -> None:
    shown = [uuid7() for _ in range(SHOWN)]
    authors = [people[number % len(people)] for number in range(SHOWN)]
    pictures = [uuid7() for _ in range(SHOWN * IMAGES_EACH)]
    await _make_generations(connection, shown, authors, "SUCCEEDED")
    await connection.execute(
        """INSERT INTO gallery_items (id, generation_id, author_id, prompt, published_at)
           SELECT uuidv7(), id, author_id, $3, now() FROM unnest($1::uuid[], $2::uuid[]) AS made (id, author_id)""",
        shown,
        authors,
        PROMPT,
    )
    await connection.execute(
        """INSERT INTO pictures (id, person_id, state, width, height, placeholder, variants, created_at)
           SELECT id, person_id, 'STORED', 1024, 1024, $3, $4, now()
           FROM unnest($1::uuid[], $2::uuid[]) AS made (id, person_id)""",
        pictures,
        [authors[number // IMAGES_EACH] for number in range(len(pictures))],
        PLACEHOLDER,
        orjson.dumps(VARIANTS).decode(),
    )
    await connection.execute(
        """INSERT INTO generated_images (id, generation_id, index, picture_id)
           SELECT uuidv7(), generation_id, index, picture_id
           FROM unnest($1::uuid[], $2::int[], $3::uuid[]) AS made (generation_id, index, picture_id)""",
        [shown[number // IMAGES_EACH] for number in range(len(pictures))],
        [number % IMAGES_EACH for number in range(len(pictures))],
        pictures,
    )
