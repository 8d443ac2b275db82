"""Commands: ask for a generation, ask again, stop it, delete it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from uuid import UUID

import orjson

from app.consents.office import ConsentOffice
from app.core import feed, idempotency, jobs
from app.core.db import Row, execute, fetch, fetch_one, transaction
from app.core.errors import AppError, Conflict, InvalidInput, NotFound
from app.core.ids import uuid7
from app.core.jobs import JobKind
from app.core.keys import keyed_hash
from app.core.ports import Clock
from app.core.viewer import Viewer
from app.generation.engines.base import Engine
from app.generation.engines.registry import Engines
from app.generation.models import Generation
from app.generation.queries import share_decided
from app.generation.references import check_references, link, linked
from app.generation.status import EventType, GenerationStatus
from app.generation.wishes import Visibility, Wish, check, seed_of
from app.journal import service as journal
from app.media import service as media

RUN_GENERATION = JobKind("generation.run", queue="interactive")
MAX_DELETED = 100
UNFINISHED = frozenset({GenerationStatus.QUEUED, GenerationStatus.RUNNING})
RETRYABLE = frozenset({GenerationStatus.FAILED, GenerationStatus.CANCELED})


async def create_generation(
    viewer: Viewer,
    wish: Wish,
    *,
    key: str,
    engines: Engines,
    clock: Clock,
    hash_key: bytes,
    consents: ConsentOffice,
) -> UUID:
    """Queue a generation and return its id; the same `key` and wish return the same one.

    Raises UnknownEngine, BeyondCapabilities, NotFound for a reference, ConsentRequired, IdempotencyMismatch,
    IdempotencyInProgress.
    """
    engine = engines.choose(wish.engine)
    check(wish, engine.capabilities)
    seed = seed_of(wish.seed)
    input_hash = keyed_hash(hash_key, orjson.dumps(asdict(wish)))
    async with transaction():
        made = await idempotency.begin(viewer.user_id, "createGeneration", key, input_hash)
        if made is not None:
            return made
        await check_references(viewer, wish.references, engine, consents)
        generation_id = await _queue(viewer, wish, engine, seed, clock)
        await idempotency.finish(viewer.user_id, "createGeneration", key, input_hash, generation_id)
    return generation_id


async def retry_generation(
    viewer: Viewer,
    generation_id: UUID,
    *,
    key: str,
    engines: Engines,
    clock: Clock,
    hash_key: bytes,
    consents: ConsentOffice,
) -> UUID:
    """Queue a new generation of the same wish and seed as one that failed or was canceled; return its id.

    A new one, because nothing follows a final event. Raises NotFound, Conflict, UnknownEngine, BeyondCapabilities,
    IdempotencyMismatch, IdempotencyInProgress.
    """
    input_hash = keyed_hash(hash_key, generation_id.bytes)
    async with transaction():
        made = await idempotency.begin(viewer.user_id, "retryGeneration", key, input_hash)
        if made is not None:
            return made
        row = await _own(viewer, generation_id)
        if row["status"] not in RETRYABLE:
            raise Conflict("Only a generation that failed or was canceled can be tried again.", path=("id",))
        wish = _wish_of(row, await _references_left(generation_id))
        engine = await _engine_again(viewer, wish, engines, consents)
        again = await _queue(viewer, wish, engine, row["seed"], clock)
        await idempotency.finish(viewer.user_id, "retryGeneration", key, input_hash, again)
    return again


async def cancel_generation(viewer: Viewer, generation_id: UUID) -> None:
    """Stop a generation, queued or running; what is ready of it stays. One that was canceled before stays canceled.

    Raises NotFound, and Conflict for one that has succeeded or failed.
    """
    async with transaction():
        [row] = await _stopped(viewer.user_id, [generation_id])
        if row["status"] == GenerationStatus.CANCELED:
            return
        if row["status"] not in UNFINISHED:
            raise Conflict("It has ended already: nothing is left to cancel.", path=("id",))
        await end_as_canceled(viewer.user_id, generation_id)


async def end_as_canceled(person_id: UUID, generation_id: UUID) -> None:
    """End a generation that is locked and not over, in the caller's transaction, and tell its watchers."""
    await execute("UPDATE generations SET status = 'CANCELED', finished_at = now() WHERE id = $1", generation_id)
    await feed.append(person_id, generation_id, EventType.CANCELED, await share_decided(generation_id))


async def cancel_each(wanted: Sequence[Row]) -> None:
    """End generations that are not over, in the caller's transaction, in the order in which workers lock: jobs, then
    generations. `wanted` are rows with `id`, `job_id` and `user_id`.
    """
    await jobs.cancel([row["job_id"] for row in wanted])
    locked = await fetch(
        "SELECT id, user_id FROM generations WHERE id = ANY($1) AND status = ANY($2) ORDER BY id FOR UPDATE",
        [row["id"] for row in wanted],
        [status.value for status in UNFINISHED],
    )
    for row in locked:
        await end_as_canceled(row["user_id"], row["id"])


async def delete_generations(
    viewer: Viewer,
    ids: Sequence[UUID],
    *,
    key: str,
    hash_key: bytes,
    on_deletion: Callable[[Sequence[UUID]], Awaitable[None]],
) -> None:
    """Delete generations with their pictures and events, all or none; what runs of them is stopped.

    `on_deletion` is what else it means, for others who know the pictures; it gets the generations' ids while they are
    there, in the same transaction. Raises InvalidInput for none or more than 100, NotFound, IdempotencyMismatch,
    IdempotencyInProgress.
    """
    wanted = sorted(set(ids))
    if not 0 < len(wanted) <= MAX_DELETED:
        raise InvalidInput(f"Name 1 to {MAX_DELETED} generations.", path=("ids",))
    input_hash = keyed_hash(hash_key, b"".join(id.bytes for id in wanted))
    async with transaction():
        if await idempotency.begin(viewer.user_id, "deleteGenerations", key, input_hash) is not None:
            return
        await _stopped(viewer.user_id, wanted, "ids")
        await on_deletion(wanted)
        await idempotency.finish(viewer.user_id, "deleteGenerations", key, input_hash, viewer.user_id)
        await remove(viewer.user_id, wanted)
        await journal.record(journal.Decision.GENERATION_DELETED, viewer.user_id, objects=wanted)


async def delete_anew(
    person_id: UUID, generation_id: UUID, on_deletion: Callable[[Sequence[UUID]], Awaitable[None]]
) -> None:
    """Delete what was deleted before and a backup brought back, in the caller's transaction; if it did."""
    if await fetch("SELECT 1 FROM generations WHERE id = $1 AND user_id = $2", generation_id, person_id):
        await _stopped(person_id, [generation_id])
        await on_deletion([generation_id])
        await remove(person_id, [generation_id])


async def delete_own(
    person_id: UUID, ids: Sequence[UUID], on_deletion: Callable[[Sequence[UUID]], Awaitable[None]]
) -> int:
    """Delete those of these generations that are a person's, in the caller's transaction; return how many.

    What runs of them is stopped. `on_deletion` as in `delete_generations`.
    """
    owned = await fetch("SELECT id, job_id FROM generations WHERE id = ANY($1) AND user_id = $2", list(ids), person_id)
    await jobs.cancel([row["job_id"] for row in owned])
    locked = await fetch(
        "SELECT id FROM generations WHERE id = ANY($1) ORDER BY id FOR UPDATE", [row["id"] for row in owned]
    )
    if found := [row["id"] for row in locked]:
        await on_deletion(found)
        await remove(person_id, found)
        await journal.record(journal.Decision.GENERATION_DELETED, person_id, objects=found)
    return len(found)


async def remove(person_id: UUID, wanted: Sequence[UUID]) -> None:
    """Delete a person's generations that are locked, with their pictures and events, in the caller's transaction."""
    images = await fetch(
        "DELETE FROM generated_images WHERE generation_id = ANY($1) RETURNING picture_id", list(wanted)
    )
    await execute("DELETE FROM generations WHERE id = ANY($1)", list(wanted))
    await idempotency.forget(wanted)
    await media.delete_pictures([image["picture_id"] for image in images if image["picture_id"]])
    await feed.delete(person_id, wanted)


async def _stopped(person_id: UUID, ids: Sequence[UUID], named: str = "id") -> list[Row]:
    """Lock generations with their jobs canceled, in the order in which workers lock: jobs, then generations.

    Raises NotFound where one is not the person's; `named` is the field of the input that named them.
    """
    owned = await fetch("SELECT job_id FROM generations WHERE id = ANY($1) AND user_id = $2", list(ids), person_id)
    await jobs.cancel([row["job_id"] for row in owned])
    locked = await fetch("SELECT id, status FROM generations WHERE id = ANY($1) ORDER BY id FOR UPDATE", list(ids))
    if not len(owned) == len(locked) == len(ids):
        raise _nothing(named)
    return locked


async def _own(viewer: Viewer, generation_id: UUID) -> Row:
    row = await fetch_one("SELECT * FROM generations WHERE id = $1 AND user_id = $2", generation_id, viewer.user_id)
    if row is None:
        raise _nothing()
    return row


def _nothing(named: str = "id") -> NotFound:
    return NotFound("There is no such generation of yours.", path=(named,))


async def _engine_again(viewer: Viewer, wish: Wish, engines: Engines, consents: ConsentOffice) -> Engine:
    try:
        engine = engines.choose(wish.engine)
        check(wish, engine.capabilities)
        await check_references(viewer, wish.references, engine, consents)
    except AppError as error:
        error.path = ("id",)  # the wish itself is no part of this input
        raise
    return engine


async def _references_left(generation_id: UUID) -> tuple[UUID, ...]:
    ids = await linked(generation_id)
    left = tuple(id for id in ids if id is not None)
    if len(left) < len(ids):
        raise Conflict("A reference picture of it was deleted: ask anew, with another one.", path=("id",))
    return left


def _wish_of(row: Row, references: tuple[UUID, ...]) -> Wish:
    return Wish(
        prompt=row["prompt"],
        negative_prompt=row["negative_prompt"],
        engine=row["engine"],
        width=row["width"],
        height=row["height"],
        count=row["count"],
        style=row["style"],
        visibility=Visibility(row["visibility"]),
        show_prompt=row["show_prompt"],
        references=references,
    )


async def _queue(viewer: Viewer, wish: Wish, engine: Engine, seed: int, clock: Clock) -> UUID:
    generation_id = uuid7()
    await Generation.create(
        id=generation_id,
        user_id=viewer.user_id,
        job_id=await jobs.record(RUN_GENERATION, {"generation": generation_id}),
        prompt=wish.prompt,
        negative_prompt=wish.negative_prompt or None,
        engine=engine.name,
        seed=seed,
        width=wish.width,
        height=wish.height,
        count=wish.count,
        style=wish.style,
        visibility=wish.visibility.value,
        show_prompt=wish.show_prompt,
        status=GenerationStatus.QUEUED.value,
        notes=[],
        created_at=clock.now(),
    )
    await link(generation_id, wish.references)
    await feed.append(viewer.user_id, generation_id, EventType.QUEUED, 0.0)
    return generation_id
