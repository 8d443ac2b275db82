"""The worker's command: have an engine make the pictures of a generation, and record every outcome.

A second worker asks only for the images that are missing, and repeats no event. No network call and no pixel
work happens inside a transaction.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog

from app.core import feed, jobs
from app.core.db import Row, execute, fetch, fetch_one, transaction
from app.core.jobs import Lease
from app.core.keys import keyed_hash
from app.core.lockout import locked
from app.core.ports import ObjectStore
from app.core.purposes import Allows
from app.generation import outcomes
from app.generation.engines import base
from app.generation.engines.base import Compute, Order
from app.generation.engines.registry import Engines
from app.generation.outcomes import Work, fail_generation
from app.generation.preview import preview_uri
from app.generation.references import material
from app.generation.service import UNFINISHED, end_as_canceled
from app.generation.status import EventType, GenerationStatus
from app.media.errors import UnreadablePicture
from app.processors.records import About

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
    allows: Allows
    """Says, when its turn has come, whether a face may still be used."""
    at_once_per_person: int = 2


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
        references = await material(generation_id, row["user_id"], engine, studio.store, studio.allows)
    except base.EngineError as error:
        await fail_generation(lease, generation_id, error)
        return
    order = await _order(row, references, studio.subject_key)
    decided = row["count"] - len(order.indexes)
    work = Work(generation_id, row["user_id"], row["width"], row["height"], row["count"], decided, set(order.indexes))
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
            await outcomes.withhold(lease, work, index, error.stage, error.categories)
    await outcomes.finish(lease, work, studio.publish)


class _EngineGone(base.EngineError):
    code = "ENGINE_UNAVAILABLE"

    def __init__(self) -> None:
        super().__init__("The engine that was asked for is no longer offered: choose another one.")


async def _start(lease: Lease, generation_id: UUID, at_once: int) -> Row | None:
    """Mark the generation as running; the event is written once, whatever the number of attempts.

    None where there is nothing to do: it is gone, or ended, or its owner's account is locked. Raises NotYet where as
    many as a person may have at once are running.
    """
    async with transaction():
        await jobs.hold(lease)
        row = await fetch_one(
            f"""SELECT g.*, {locked("u")} AS is_locked FROM generations g JOIN users u ON u.id = g.user_id
                WHERE g.id = $1 FOR UPDATE OF g""",  # noqa: S608
            generation_id,
        )
        if row is None or row["status"] not in UNFINISHED:
            await jobs.complete(lease)
            return None
        if row["is_locked"]:  # it was asked for while the account was being locked
            await jobs.complete(lease)
            await end_as_canceled(row["user_id"], generation_id)
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
        person=row["user_id"],
        about=About("Generation", row["id"]),
    )


async def _follow(events: AsyncGenerator[base.Event, None], lease: Lease, work: Work, studio: Studio) -> None:
    async for event in events:
        match event:
            case base.Progress(fraction):
                await feed.publish_progress(work.person_id, work.generation_id, work.overall(fraction))
            case base.Preview(_, content):
                await _show(work, content, studio.compute)
            case base.Notes(sentences):
                await outcomes.note(lease, work, sentences)
            case base.ImageReady(index, content):
                work.close(index)
                await outcomes.keep(lease, work, index, content, studio.compute, studio.store)
            case base.ImageRejected(index, stage, categories):
                work.close(index)
                await outcomes.withhold(lease, work, index, stage, categories)


async def _show(work: Work, content: bytes, compute: Compute) -> None:
    try:
        uri = await preview_uri(content, compute)
    except UnreadablePicture:
        log.warning("generation.unreadable_preview")
        return
    await feed.publish_progress(work.person_id, work.generation_id, work.overall(0.0), uri)
