"""What came of a generation, picture by picture, and in the end: each outcome is recorded once.

Each is one transaction that first holds the job's row (`jobs.hold`), so a worker that lost its lease writes nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

import orjson

from app.core import feed, jobs
from app.core.db import execute, fetch, fetch_one, transaction
from app.core.ids import uuid7
from app.core.jobs import Lease
from app.core.ports import ObjectStore
from app.generation.engines import base
from app.generation.engines.base import Compute
from app.generation.queries import share_decided
from app.generation.status import EventType
from app.media import imaging
from app.media import service as media
from app.media.errors import UnreadablePicture


@dataclass(slots=True)
class Work:
    """One generation while it is being made; `open` are the indexes of the images that are still to come."""

    generation_id: UUID
    person_id: UUID
    width: int
    height: int
    count: int
    decided: int
    open: set[int]
    shown: float = 0.0

    def close(self, index: int) -> None:
        """Take an image off the list of what is to come. Raises BadOutput for one that is not on it."""
        if index not in self.open:
            raise base.BadOutput("The engine made another picture than it was asked for: try again.")
        self.open.remove(index)

    def overall(self, fraction: float) -> float:
        """Turn the order's fraction (of the missing images) into the generation's; never falling."""
        missing = self.count - self.decided
        self.shown = max(self.shown, (self.decided + fraction * missing) / self.count)
        return min(self.shown, 1.0)


class _NoPicture(base.EngineError):
    code = "CONTENT_REJECTED"

    def __init__(self) -> None:
        super().__init__("The safety check withheld every picture: change the prompt and try again.")


async def note(lease: Lease, work: Work, sentences: tuple[str, ...]) -> None:
    """Record what the engine could not honour. Raises LeaseLost."""
    async with transaction():
        await jobs.hold(lease)
        await execute(
            "UPDATE generations SET notes = $2 WHERE id = $1",
            work.generation_id,
            orjson.dumps(sentences).decode(),
        )


async def keep(lease: Lease, work: Work, index: int, content: bytes, compute: Compute, store: ObjectStore) -> None:
    """Store a finished picture; one that came too late is thrown away. Raises BadOutput, LeaseLost."""
    try:
        picture = await compute(
            imaging.prepare, content, max_pixels=work.width * work.height, expected_size=(work.width, work.height)
        )
    except UnreadablePicture as error:
        raise base.BadOutput("The engine's picture could not be read: try again.") from error
    picture_id = await media.upload(work.person_id, picture, store)
    try:
        async with transaction():
            await jobs.hold(lease)
            await media.keep(picture_id)
            await _decide(work, index, picture_id=picture_id)
            await feed.append(
                work.person_id,
                work.generation_id,
                EventType.IMAGE_READY,
                await share_decided(work.generation_id),
            )
    except (jobs.LeaseLost, asyncio.CancelledError):
        await media.discard(picture_id, store)
        raise


async def withhold(lease: Lease, work: Work, index: int, stage: str, categories: tuple[str, ...]) -> None:
    """Record that a check withheld a picture. Raises LeaseLost."""
    async with transaction():
        await jobs.hold(lease)
        await _decide(work, index, stage=stage, categories=categories)


async def _decide(
    work: Work,
    index: int,
    *,
    picture_id: UUID | None = None,
    stage: str | None = None,
    categories: tuple[str, ...] = (),
) -> None:
    await execute(
        """INSERT INTO generated_images (id, generation_id, index, picture_id, rejected_stage, rejected_categories)
           VALUES ($1, $2, $3, $4, $5, $6)""",
        uuid7(),
        work.generation_id,
        index,
        picture_id,
        stage,
        orjson.dumps(categories).decode(),
    )


async def finish(lease: Lease, work: Work, publish: Callable[[UUID], Awaitable[None]]) -> None:
    """Record the outcome and the job's completion as one; `publish` shows a success, in the same transaction.

    Raises LeaseLost.
    """
    async with transaction():
        await jobs.hold(lease)
        rows = await fetch("SELECT picture_id FROM generated_images WHERE generation_id = $1", work.generation_id)
        if len(rows) == work.count and any(row["picture_id"] for row in rows):
            await execute(
                "UPDATE generations SET status = 'SUCCEEDED', finished_at = now() WHERE id = $1", work.generation_id
            )
            await publish(work.generation_id)
            await jobs.complete(lease)
            await feed.append(work.person_id, work.generation_id, EventType.SUCCEEDED, 1.0)
        else:
            missing = base.EngineError("The engine did not make all pictures: try again.")
            await fail_generation(lease, work.generation_id, _NoPicture() if len(rows) == work.count else missing)


async def fail_generation(lease: Lease, generation_id: UUID, error: base.EngineError) -> None:
    """End a generation as FAILED with a reason, and its job with it. Raises LeaseLost."""
    async with transaction():
        await jobs.hold(lease)
        row = await fetch_one(
            """UPDATE generations SET status = 'FAILED', finished_at = now(), failure_code = $2, failure_message = $3,
                      failure_retryable = $4
               WHERE id = $1 AND status IN ('QUEUED', 'RUNNING') RETURNING user_id""",
            generation_id,
            error.code,
            error.message,
            error.retryable,
        )
        await jobs.give_up(lease, error.code)
        if row is not None:
            share = await share_decided(generation_id)
            await feed.append(row["user_id"], generation_id, EventType.FAILED, share)
