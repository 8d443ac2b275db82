"""Commands of the worker: have an engine make the pictures of a generation, and record every outcome.

Each step is one transaction that first holds the job's row (`jobs.hold`), so a worker that lost its lease writes
nothing. A second worker asks only for the images that are missing, and repeats no event. No network call and no pixel
work happens inside a transaction.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import orjson
import structlog

from app.core import feed, jobs
from app.core.db import Row, execute, fetch, fetch_one, transaction
from app.core.ids import uuid7
from app.core.jobs import Lease
from app.core.keys import keyed_hash
from app.core.ports import ObjectStore
from app.generation.engines import base
from app.generation.engines.base import Compute, Order
from app.generation.engines.registry import Engines
from app.generation.preview import preview_uri
from app.generation.queries import share_decided
from app.generation.references import material
from app.generation.status import EventType, GenerationStatus
from app.media import imaging
from app.media import service as media
from app.media.errors import UnreadablePicture

TURN_DELAY = timedelta(seconds=0.5)
"""How long a generation waits before it asks again whether it is its owner's turn."""
SUBJECT_LENGTH = 32
"""Characters of the hash that stands for a person: 128 bits, and within what providers take."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Studio:
    """What fulfilling an order takes."""

    engines: Engines
    compute: Compute
    store: ObjectStore
    publish: Callable[[UUID], Awaitable[None]]
    """Shows a generation that succeeded and wishes to be shown, in the caller's transaction."""
    subject_key: bytes
    """Hashes a person's id for engines that want to tell people apart."""
    at_once_per_person: int = 2


@dataclass(slots=True)
class _Work:
    """One generation while it is being made."""

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


async def run_generation(lease: Lease, generation_id: UUID, studio: Studio) -> None:
    """Make what is missing of a generation, to its end.

    Raises LeaseLost, and an EngineError that is retryable; any other EngineError ends the generation as FAILED.
    """
    row = await _start(lease, generation_id, studio.at_once_per_person)
    if row is None:
        return
    engine = studio.engines.find(row["engine"])
    if engine is None:
        await fail_generation(lease, generation_id, _EngineGone())
        return
    try:
        references = await material(generation_id, engine, studio.store)
    except base.EngineError as error:
        await fail_generation(lease, generation_id, error)
        return
    order = await _order(row, references, studio.subject_key)
    decided = row["count"] - len(order.indexes)
    work = _Work(generation_id, row["user_id"], row["width"], row["height"], row["count"], decided, set(order.indexes))
    try:
        if order.indexes:
            async with aclosing(engine.run(order, studio.compute)) as events:
                await _follow(events, lease, work, studio)
    except base.EngineError as error:
        if error.retryable:
            raise
        if not isinstance(error, base.OrderRejected) or len(work.open) == work.count:
            log.info("generation.failed", engine=engine.name, code=error.code, cause=type(error.__cause__).__name__)
            await fail_generation(lease, generation_id, error)
            return
        # Some pictures were made before the engine refused the rest: they stay.
        for index in sorted(work.open):
            await _withhold(lease, work, index, error.stage, error.categories)
    await _finish(lease, work, studio)


class _EngineGone(base.EngineError):
    code = "ENGINE_UNAVAILABLE"

    def __init__(self) -> None:
        super().__init__("The engine that was asked for is no longer offered: choose another one.")


class _NoPicture(base.EngineError):
    code = "CONTENT_REJECTED"

    def __init__(self) -> None:
        super().__init__("The safety check withheld every picture: change the prompt and try again.")


async def _start(lease: Lease, generation_id: UUID, at_once: int) -> Row | None:
    """Mark the generation as running; the event is written once, whatever the number of attempts.

    None where there is nothing to do: it is gone, or ended. Raises NotYet where as many as a person may have at once
    are running.
    """
    async with transaction():
        await jobs.hold(lease)
        row = await fetch_one("SELECT * FROM generations WHERE id = $1 FOR UPDATE", generation_id)
        if row is None or row["status"] not in {GenerationStatus.QUEUED, GenerationStatus.RUNNING}:
            await jobs.complete(lease)
            return None
        if row["status"] == GenerationStatus.QUEUED:
            await _take_turn(row["user_id"], at_once)
            await execute("UPDATE generations SET status = 'RUNNING', started_at = now() WHERE id = $1", generation_id)
            await feed.append(row["user_id"], generation_id, EventType.STARTED, 0.0)
    return row


async def _take_turn(person_id: UUID, at_once: int) -> None:
    """Let a person have so many generations running and no more, so that nobody starves the others.

    The feed's row lock, which the STARTED event takes anyway, makes two workers count one after the other.
    """
    await fetch("SELECT sequence FROM feeds WHERE person_id = $1 FOR UPDATE", person_id)
    running = await fetch(
        "SELECT id FROM generations WHERE user_id = $1 AND status = 'RUNNING' LIMIT $2", person_id, at_once
    )
    if len(running) >= at_once:
        raise jobs.NotYet(TURN_DELAY)


async def _order(row: Row, references: tuple[base.Reference, ...], subject_key: bytes) -> Order:
    decided = await fetch("SELECT index FROM generated_images WHERE generation_id = $1", row["id"])
    done = {image["index"] for image in decided}
    return Order(
        key=str(row["id"]),
        prompt=row["prompt"],
        negative_prompt=row["negative_prompt"],
        seed=row["seed"],
        width=row["width"],
        height=row["height"],
        style=row["style"],
        indexes=tuple(index for index in range(row["count"]) if index not in done),
        references=references,
        subject=keyed_hash(subject_key, row["user_id"].bytes).hex()[:SUBJECT_LENGTH],
    )


async def _follow(events: AsyncGenerator[base.Event, None], lease: Lease, work: _Work, studio: Studio) -> None:
    async for event in events:
        match event:
            case base.Progress(fraction):
                await feed.publish_progress(work.person_id, work.generation_id, work.overall(fraction))
            case base.Preview(_, content):
                await _show(work, content, studio.compute)
            case base.Notes(sentences):
                await _note(lease, work, sentences)
            case base.ImageReady(index, content):
                work.close(index)
                await _keep(lease, work, index, content, studio)
            case base.ImageRejected(index, stage, categories):
                work.close(index)
                await _withhold(lease, work, index, stage, categories)


async def _show(work: _Work, content: bytes, compute: Compute) -> None:
    try:
        uri = await preview_uri(content, compute)
    except UnreadablePicture:
        log.warning("generation.unreadable_preview")
        return
    await feed.publish_progress(work.person_id, work.generation_id, work.overall(0.0), uri)


async def _note(lease: Lease, work: _Work, sentences: tuple[str, ...]) -> None:
    async with transaction():
        await jobs.hold(lease)
        await execute(
            "UPDATE generations SET notes = $2 WHERE id = $1",
            work.generation_id,
            orjson.dumps(sentences).decode(),
        )


async def _keep(lease: Lease, work: _Work, index: int, content: bytes, studio: Studio) -> None:
    """Store a finished picture; one that came too late is thrown away."""
    try:
        picture = await studio.compute(
            imaging.prepare, content, max_pixels=work.width * work.height, expected_size=(work.width, work.height)
        )
    except UnreadablePicture as error:
        raise base.BadOutput("The engine's picture could not be read: try again.") from error
    picture_id = await media.upload(work.person_id, picture, studio.store)
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
        await media.discard(picture_id, studio.store)
        raise


async def _withhold(lease: Lease, work: _Work, index: int, stage: str, categories: tuple[str, ...]) -> None:
    async with transaction():
        await jobs.hold(lease)
        await _decide(work, index, stage=stage, categories=categories)


async def _decide(
    work: _Work,
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


async def _finish(lease: Lease, work: _Work, studio: Studio) -> None:
    """Record the outcome and the job's completion as one."""
    async with transaction():
        await jobs.hold(lease)
        rows = await fetch("SELECT picture_id FROM generated_images WHERE generation_id = $1", work.generation_id)
        if len(rows) == work.count and any(row["picture_id"] for row in rows):
            await execute(
                "UPDATE generations SET status = 'SUCCEEDED', finished_at = now() WHERE id = $1", work.generation_id
            )
            await studio.publish(work.generation_id)
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
