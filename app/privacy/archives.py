"""Archives of exports: rows, the pieces that they stand for, and when both go."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import orjson

from app.audit.service import alias_of
from app.core import erased_keys
from app.core.db import Row, execute, fetch, fetch_one, transaction
from app.core.erased_keys import Where
from app.core.ids import uuid7
from app.core.jobs import Count, Hold, LeaseLost
from app.core.ports import ObjectStore
from app.privacy.asked import Request
from app.privacy.export import pieces
from app.privacy.export.packing import Part
from app.privacy.export.pieces import Written

LASTS = timedelta(days=7)
"""How long an archive can be fetched. An unfinished one is given up after as long."""
_COLUMNS = "id, request_id, person_id, parts, place, byte_size, sha256, created_at, expires_at"


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive as it stands."""

    id: UUID
    request_id: UUID
    parts: Mapping[str, Part]
    """What was collected of each table."""
    place: str | None
    """Where its pieces are; None: it is not whole yet."""
    byte_size: int
    sha256: str
    created_at: datetime
    expires_at: datetime

    @property
    def prefix(self) -> str:
        """Where all that belongs to it lies."""
        return prefix_of(self.id)


def prefix_of(archive: UUID) -> str:
    """Return what the keys of an archive begin with."""
    return f"exports/{archive}"


def fresh_place(archive: UUID, what: str) -> str:
    """Return a place for what is about to be written: whoever was at the same before writes elsewhere."""
    return f"{prefix_of(archive)}/{what}-{uuid4().hex[:12]}"


async def begun(request: Request, at: datetime, hold: Hold) -> Archive:
    """Return the archive of a request; the first call makes its row. Raises LeaseLost."""
    async with transaction():
        await hold()
        await execute(
            """INSERT INTO privacy_archives (id, request_id, person_id, created_at, expires_at)
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT (request_id) DO NOTHING""",
            uuid7(),
            request.id,
            request.person,
            at,
            at + LASTS,
        )
        row = await fetch_one(f"SELECT {_COLUMNS} FROM privacy_archives WHERE request_id = $1", request.id)  # noqa: S608
    if row is None:
        raise LeaseLost
    return _archive(row)


async def note_part(archive: Archive, table: str, part: Part) -> None:
    """Write down what was collected of a table, in the caller's transaction. Raises LeaseLost where the row is gone."""
    said = orjson.dumps({table: {"rows": part.rows, "byte_size": part.byte_size, "place": part.place}}).decode()
    rows = await fetch(
        "UPDATE privacy_archives SET parts = parts || $2::jsonb WHERE id = $1 RETURNING id", archive.id, said
    )
    if not rows:
        raise LeaseLost


async def finish(archive: Archive, place: str, written: Written, at: datetime) -> None:
    """Write down that an archive is whole, in the caller's transaction; it can be fetched for seven days from then on.

    Raises LeaseLost where the row is gone, with the person perhaps.
    """
    rows = await fetch(
        """UPDATE privacy_archives SET place = $2, byte_size = $3, sha256 = $4, expires_at = $5
           WHERE id = $1 RETURNING id""",
        archive.id,
        place,
        written.byte_size,
        written.sha256,
        at + LASTS,
    )
    if not rows:
        raise LeaseLost


async def tidy(archive: Archive, place: str, store: ObjectStore) -> None:
    """Delete all that belongs to an archive but the archive itself. Raises OSError."""
    keys = [key async for key in store.list(f"{archive.prefix}/") if not key.startswith(f"{place}/")]
    for key in keys:
        await store.delete(key)


async def erase_archives(person: UUID, store: ObjectStore, hold: Hold, count: Count, limit: int = 100) -> None:
    """Erase all archives of a person, bytes before rows. Raises LeaseLost and OSError."""
    while rows := await fetch("SELECT id FROM privacy_archives WHERE person_id = $1 LIMIT $2", person, limit):
        async with transaction():
            await hold()
            await erased_keys.note(await alias_of(person), Where.OBJECTS, [prefix_of(row["id"]) for row in rows])
        await delete_bytes(store, rows)
        async with transaction():
            await hold()
            gone = await fetch(
                "DELETE FROM privacy_archives WHERE id = ANY($1) RETURNING id", [row["id"] for row in rows]
            )
            await count(len(gone))


async def delete_bytes(store: ObjectStore, rows: Sequence[Row]) -> None:
    """Delete what lies in the store of archives. Raises OSError."""
    for row in rows:
        await pieces.delete(store, prefix_of(row["id"]))


async def archive_by_id(archive: UUID, at: datetime) -> Archive | None:
    """Return a whole archive that has not expired, for whoever proved that it is theirs."""
    row = await fetch_one(
        f"""SELECT {_COLUMNS} FROM privacy_archives
            WHERE id = $1 AND place IS NOT NULL AND expires_at > $2""",  # noqa: S608
        archive,
        at,
    )
    return _archive(row) if row else None


async def archives_of(request_ids: Sequence[UUID], at: datetime) -> Mapping[UUID, Archive]:
    """Return the whole archives of requests that have not expired, by request: one statement."""
    rows = await fetch(
        f"""SELECT {_COLUMNS} FROM privacy_archives
            WHERE request_id = ANY($1) AND place IS NOT NULL AND expires_at > $2""",  # noqa: S608
        list(request_ids),
        at,
    )
    return {row["request_id"]: _archive(row) for row in rows}


def bytes_of(
    archive: Archive, store: ObjectStore, start: int = 0, end: int | None = None
) -> AsyncGenerator[bytes, None]:
    """Yield bytes of a whole archive, in chunks of at most 64 KiB. Raises KeyError where they are gone, and OSError."""
    return pieces.read(store, archive.place or archive.prefix, archive.byte_size, start, end)


def _archive(row: Row) -> Archive:
    parts = {table: Part(**part) for table, part in orjson.loads(row["parts"]).items()}
    return Archive(
        row["id"],
        row["request_id"],
        parts,
        row["place"],
        row["byte_size"] or 0,
        row["sha256"] or "",
        row["created_at"],
        row["expires_at"],
    )
