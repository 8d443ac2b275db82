"""Commands: announce an upload, receive its bytes once, delete what is used or left behind.

The row comes first, so that whatever happens the bytes belong to a row. They are kept in parts: memory stays bounded
while they stream, and every part is an object that is written whole, in a folder as in a bucket.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID
from weakref import WeakValueDictionary

import orjson

from app.consents.office import ConsentOffice
from app.core import idempotency
from app.core.db import Row, execute, fetch, fetch_one, transaction
from app.core.errors import Conflict, InvalidInput, NotFound
from app.core.ids import uuid7
from app.core.jobs import JobKind
from app.core.keys import keyed_hash
from app.core.lockout import unlocked
from app.core.ports import Clock, Compute, ObjectStore
from app.core.viewer import Viewer
from app.media.errors import BodyTooLong, BodyTooShort, BodyTooSlow, WrongContentType
from app.media.links import UploadLinks

DELETE_UPLOADS = JobKind("media.delete_uploads", queue="default")
CONTENT_TYPES = ("image/png", "image/jpeg", "image/webp")
LIFETIME = timedelta(hours=1)
"""How long an upload's URL works."""
GRACE = timedelta(hours=1)
"""How much longer bytes that arrived can be used."""
RECEIVING_TIMEOUT = 600.0
"""Seconds that sending may take: 20 MiB at 35 KB a second. Far less than `GRACE`: the sweep meets no living sender."""
PART_BYTES = 1024 * 1024
AT_ONCE = 2
"""Pictures whose bytes this process holds at once, to have them looked at; the others wait."""


@dataclass(frozen=True, slots=True)
class IntakeLimits:
    """How much of what people send is taken."""

    max_bytes: int
    max_pixels: int
    open_uploads: int
    """Of one person, at a time."""
    references: int
    """Of one person that are saved, and as many again that are not."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What taking in pictures takes."""

    store: ObjectStore
    compute: Compute
    links: UploadLinks
    clock: Clock
    limits: IntakeLimits
    consents: ConsentOffice
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _queues: WeakValueDictionary[UUID, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    @asynccontextmanager
    async def turn(self, person_id: UUID) -> AsyncGenerator[None, None]:
        """Wait until a picture of this person may be looked at: one at a time, so that nobody keeps the others out."""
        async with self._queues.setdefault(person_id, asyncio.Lock()), self._turns:
            yield


def part_keys(upload_id: UUID, byte_size: int) -> list[str]:
    """Return where the parts of an upload are, in their order."""
    return [f"uploads/{upload_id}/{number}" for number in range(-(-byte_size // PART_BYTES))]


async def create_upload(
    viewer: Viewer, content_type: str, byte_size: int, *, key: str, intake: Intake, hash_key: bytes
) -> UUID:
    """Announce an upload and return its id; the same `key` and input return the same one.

    Raises InvalidInput, Conflict for too many open ones, IdempotencyMismatch, IdempotencyInProgress.
    """
    if content_type not in CONTENT_TYPES:
        raise InvalidInput(f"Send one of {', '.join(CONTENT_TYPES)}.", path=("contentType",))
    if not 0 < byte_size <= intake.limits.max_bytes:
        raise InvalidInput(
            f"A picture has 1 to {intake.limits.max_bytes} bytes: make a larger one smaller first.", path=("byteSize",)
        )
    input_hash = keyed_hash(hash_key, orjson.dumps([content_type, byte_size]))
    async with transaction():
        made = await idempotency.begin(viewer.user_id, "createUpload", key, input_hash)
        if made is not None:
            return made
        await one_at_a_time(viewer.user_id, "uploads")
        await _check_open(viewer.user_id, intake.limits.open_uploads)
        upload_id = uuid7()
        now = intake.clock.now().replace(microsecond=0)  # the URL says whole seconds
        await execute(
            """INSERT INTO uploads (id, person_id, state, content_type, byte_size, created_at, expires_at)
               VALUES ($1, $2, 'OPEN', $3, $4, $5, $6)""",
            upload_id,
            viewer.user_id,
            content_type,
            byte_size,
            now,
            now + LIFETIME,
        )
        await idempotency.finish(viewer.user_id, "createUpload", key, input_hash, upload_id)
    return upload_id


async def one_at_a_time(person_id: UUID, what: str) -> None:
    """Have commands of one person that count something take turns, in the caller's transaction."""
    await execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"{person_id}/{what}")


async def _check_open(person_id: UUID, limit: int) -> None:
    row = await fetch_one(
        """SELECT count(*) AS open FROM uploads
           WHERE person_id = $1 AND state NOT IN ('DELETED', 'GONE') AND expires_at > now()""",
        person_id,
    )
    if row is not None and row["open"] >= limit:
        raise Conflict(
            f"You have {limit} uploads that are not used yet: use them with `addReferenceImage`, or wait an hour."
        )


async def receive(
    upload_id: UUID,
    content_type: str,
    byte_size: int,
    chunks: AsyncIterable[bytes],
    store: ObjectStore,
    timeout: float = RECEIVING_TIMEOUT,
) -> None:
    """Keep the bytes of an upload, once; whoever calls this has checked its link.

    What fails or is cancelled on the way takes its bytes back, and the URL works again. Raises NotFound,
    WrongContentType, BodyTooLong, BodyTooShort, BodyTooSlow, and Conflict where it has its bytes or is getting them.
    """
    await _claim(upload_id, content_type, byte_size)
    limit = asyncio.timeout(timeout)
    try:
        async with limit:
            await _write(upload_id, byte_size, chunks, store)
        if not await _moved(upload_id, "RECEIVING", "RECEIVED"):
            raise _no_upload()
    except (Exception, asyncio.CancelledError) as error:
        await asyncio.shield(_take_back(upload_id, byte_size, store))
        if isinstance(error, TimeoutError) and limit.expired():
            raise BodyTooSlow(f"The bytes took over {timeout:g} seconds: send a smaller picture.") from None
        raise


async def _claim(upload_id: UUID, content_type: str, byte_size: int) -> None:
    row = await fetch_one(
        f"""SELECT a.content_type, a.byte_size FROM uploads a JOIN users u ON u.id = a.person_id
            WHERE a.id = $1 AND {unlocked("u")}""",  # noqa: S608
        upload_id,
    )
    if row is None:
        raise _no_upload()
    if content_type != row["content_type"]:
        raise WrongContentType(f"Send it as `Content-Type: {row['content_type']}`, as it was announced.")
    if byte_size > row["byte_size"]:
        raise BodyTooLong(f"{row['byte_size']} bytes were announced, and no more are taken.")
    if byte_size < row["byte_size"]:
        raise BodyTooShort(f"{row['byte_size']} bytes were announced: send all of them.")
    if not await _moved(upload_id, "OPEN", "RECEIVING"):
        raise Conflict("These bytes came already, or are coming: go on with `addReferenceImage`, or announce anew.")


async def _moved(upload_id: UUID, before: str, after: str) -> bool:
    rows = await fetch(
        "UPDATE uploads SET state = $3 WHERE id = $1 AND state = $2 RETURNING id", upload_id, before, after
    )
    return bool(rows)


async def _write(upload_id: UUID, byte_size: int, chunks: AsyncIterable[bytes], store: ObjectStore) -> None:
    keys, part, received = iter(part_keys(upload_id, byte_size)), bytearray(), 0
    async for chunk in chunks:
        received += len(chunk)
        if received > byte_size:
            raise BodyTooLong(f"{byte_size} bytes were announced, and no more are taken.")
        part += chunk
        while len(part) >= PART_BYTES:
            await store.put(next(keys), bytes(part[:PART_BYTES]))
            del part[:PART_BYTES]
    if received < byte_size:
        raise BodyTooShort(f"{byte_size} bytes were announced, {received} came: send all of them.")
    if part:
        await store.put(next(keys), bytes(part))


async def _take_back(upload_id: UUID, byte_size: int, store: ObjectStore) -> None:
    await delete_parts(upload_id, byte_size, store)
    await _moved(upload_id, "RECEIVING", "OPEN")


async def content_of(upload: Row, store: ObjectStore) -> bytes:
    """Return the bytes of a received upload. Raises KeyError where they are gone."""
    parts = [chunk for key in part_keys(upload["id"], upload["byte_size"]) async for chunk in store.read(key)]
    return b"".join(parts)


async def delete_used(store: ObjectStore, limit: int = 500) -> int:
    """Delete the bytes of uploads that are used, at most `limit`; return of how many.

    Their rows wait for their time, which the sweeper ends: a write that was cut off on the way may arrive after all
    else, and is deleted then.
    """
    rows = await fetch("SELECT id, byte_size FROM uploads WHERE state = 'DELETED' LIMIT $1", limit)
    for row in rows:
        await delete_parts(row["id"], row["byte_size"], store)
        await _moved(row["id"], "DELETED", "GONE")
    return len(rows)


async def delete_parts(upload_id: UUID, byte_size: int, store: ObjectStore) -> None:
    """Delete the bytes of an upload."""
    for key in part_keys(upload_id, byte_size):
        await store.delete(key)


def _no_upload() -> NotFound:
    return NotFound("There is no such upload (any more). Ask `createUpload` for a new one.")
