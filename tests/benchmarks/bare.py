"""The limit over HTTP: Starlette, asyncpg and orjson, without GraphQL. `python -m tests.benchmarks.bare`.

It looks up the session, runs the same statements as we do and answers with the same bytes; no rules, no limits, no
masking, no log.
"""

import gc
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg  # type: ignore[import-untyped]
import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.accounts.tokens import hash_token
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.feed import Signal
from app.core.ids import uuid7
from app.gallery.queries import _ITEMS
from app.generation.queries import _COLUMNS, _IMAGES
from app.integrations.valkey import CHANNEL, connect, queue_name
from app.main import GC_THRESHOLDS
from app.media.links import ImageLinks
from app.media.variants import Variant
from schema.relay import encode_cursor, global_id

SESSION = """SELECT s.id, s.user_id, u.role FROM sessions s JOIN users u ON u.id = s.user_id
             WHERE s.token_hash = $1 AND s.expires_at > $2"""
PAGE = f"{_ITEMS} ORDER BY g.id DESC LIMIT $1"
PICTURES = f"{_IMAGES} WHERE i.generation_id = ANY($1) AND i.picture_id IS NOT NULL ORDER BY i.generation_id, i.index"
LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS taken"
FIND_KEY = """SELECT input_hash, result_id FROM idempotency_keys
              WHERE person_id = $1 AND operation = 'createGeneration' AND key = $2"""
JOB = """INSERT INTO jobs (id, kind, queue, payload, run_after, dispatched_at, created_at)
         VALUES ($1, 'generation.run', 'interactive', $2, now(), now(), now())"""
GENERATION = """INSERT INTO generations (id, user_id, job_id, prompt, engine, seed, width, height, count, visibility,
                                         show_prompt, status, notes, created_at)
                VALUES ($1, $2, $3, $4, 'illustration', $5, $6, $7, $8, 'PRIVATE', false, 'QUEUED', '[]', $9)"""
EVENT = """WITH next AS (
             INSERT INTO feeds (person_id, sequence) VALUES ($1, 1)
             ON CONFLICT (person_id) DO UPDATE SET sequence = feeds.sequence + 1 RETURNING sequence)
           INSERT INTO feed_entries (id, person_id, sequence, object_id, type, progress, at)
           SELECT $2, $1, sequence, $3, 'QUEUED', 0, clock_timestamp() FROM next RETURNING sequence"""
KEEP_KEY = """INSERT INTO idempotency_keys (id, person_id, operation, key, input_hash, result_id, created_at)
              VALUES ($1, $2, 'createGeneration', $3, $4, $5, now())"""
READ = f"SELECT {_COLUMNS} FROM generations WHERE user_id = $1 AND id = ANY($2)"
IMAGES = f"{_IMAGES} WHERE i.generation_id = ANY($1) ORDER BY i.generation_id, i.index"

Connection = Any
"""Of asyncpg's pool."""


class Bare:
    """Handlers, on a pool as large as ours."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.links = ImageLinks(
            settings.security.key, settings.server.base_url, settings.security.image_link_lifetime, SystemClock()
        )
        self.clock = SystemClock()
        self.valkey = connect(settings.stores.urls()[1])
        self.pool: asyncpg.Pool[asyncpg.Record]

    @asynccontextmanager
    async def lifespan(self, _app: Starlette) -> AsyncGenerator[None, None]:
        """Open the pool."""
        url, size = self.settings.stores.urls()[0], self.settings.stores.database_pool_size
        async with asyncpg.create_pool(url, min_size=1, max_size=size) as self.pool:
            gc.collect()
            gc.freeze()
            gc.set_threshold(*GC_THRESHOLDS)
            yield
        await self.valkey.aclose()

    async def _viewer(self, connection: Connection, request: Request) -> UUID:
        token = request.headers["authorization"].removeprefix("Bearer ")
        row = await connection.fetchrow(SESSION, hash_token(token), self.clock.now())
        user_id: UUID = row["user_id"]
        return user_id

    async def gallery(self, request: Request) -> Response:
        """Answer with a page."""
        first: int = orjson.loads(await request.body())["variables"]["first"]
        async with self.pool.acquire() as connection:
            await self._viewer(connection, request)
            rows = await connection.fetch(PAGE, first + 1)
            images = await connection.fetch(PICTURES, [row["generation_id"] for row in rows])
        pictures: dict[UUID, list[dict[str, Any]]] = {}
        for image in images:
            pictures.setdefault(image["generation_id"], []).append(self._image(image))
        nodes = [_item(row, pictures[row["generation_id"]]) for row in rows[:first]]
        info = {"hasNextPage": len(rows) > first, "endCursor": encode_cursor(rows[:first][-1]["id"])}
        return _json({"data": {"gallery": {"pageInfo": info, "nodes": nodes}}})

    def _image(self, row: asyncpg.Record) -> dict[str, Any]:
        original = orjson.loads(row["variants"])["ORIGINAL"]
        return {
            "id": global_id("GeneratedImage", row["id"]),
            "index": row["index"],
            "width": row["width"],
            "height": row["height"],
            "contentType": original["content_type"],
            "byteSize": original["byte_size"],
            "placeholder": row["placeholder"],
            "url": self.links.url(row["picture_id"], Variant.SMALL),
        }

    async def create(self, request: Request) -> Response:
        """Write the rows of a generation, hand its job over, and answer with it."""
        given = orjson.loads(await request.body())["variables"]["input"]
        wish, key = given["generation"], given["idempotencyKey"]
        job_id, generation_id = uuid7(), uuid7()
        async with self.pool.acquire() as connection:
            user_id = await self._viewer(connection, request)
            async with connection.transaction():
                await connection.fetchrow(LOCK, f"{user_id}/createGeneration/{key}")
                await connection.fetchrow(FIND_KEY, user_id, key)
                await connection.execute(JOB, job_id, orjson.dumps({"generation": str(generation_id)}).decode())
                side, count = wish["width"], wish["count"]
                await connection.execute(
                    GENERATION, generation_id, user_id, job_id, wish["prompt"], 1, side, side, count, self.clock.now()
                )
                sequence = await connection.fetchval(EVENT, user_id, uuid7(), generation_id)
                await connection.execute(KEEP_KEY, uuid7(), user_id, key, b"0" * 32, generation_id)
            await self._hand_over(user_id, job_id, generation_id, sequence)
            [row] = await connection.fetch(READ, user_id, [generation_id])
            await connection.fetch(IMAGES, [generation_id])
        made = {"id": global_id("Generation", row["id"]), "status": row["status"], "images": []}
        return _json({"data": {"createGeneration": {"generation": made, "errors": []}}})

    async def _hand_over(self, user_id: UUID, job_id: UUID, generation_id: UUID, sequence: int) -> None:
        """Write what ARQ writes for a job, and the signal, in one go."""
        job = orjson.dumps({"t": 1, "f": "run_job", "a": [str(job_id), 0], "k": {}, "et": 0})
        async with self.valkey.pipeline(transaction=False) as line:
            line.psetex(f"arq:job:{job_id}:0", 86_400_000, job)
            line.zadd(queue_name("interactive"), {f"{job_id}:0": 0})
            line.publish(CHANNEL, Signal(user_id, generation_id, sequence).encode())
            await line.execute()


def _item(row: asyncpg.Record, images: list[dict[str, Any]]) -> dict[str, Any]:
    author = {"id": global_id("Profile", row["author_id"]), "displayName": row["display_name"]}
    return {
        "id": global_id("GalleryItem", row["id"]),
        "prompt": row["prompt"],
        "style": row["style"],
        "publishedAt": row["published_at"],
        "author": author,
        "images": images,
    }


def _json(content: Any) -> Response:
    return Response(orjson.dumps(content), media_type="application/json")


async def alive(_request: Request) -> Response:
    """Answer at /healthz."""
    return Response(b"ok")


def main() -> None:
    """Serve."""
    bare = Bare(Settings.load())
    app = Starlette(
        routes=[
            Route("/healthz", alive),
            Route("/gallery", bare.gallery, methods=["POST"]),
            Route("/create", bare.create, methods=["POST"]),
        ],
        lifespan=bare.lifespan,
    )
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["ANYPEOPLE_PORT"]), access_log=False, log_config=None)


if __name__ == "__main__":
    main()
