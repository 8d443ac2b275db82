"""The feed: each person's state changes, numbered, written in the transaction that makes them.

Valkey only says that there is something to read. Progress and previews are signals too, but not rows: they may be
lost, and they never touch SQL.
"""

import asyncio
import base64
import binascii
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

import orjson

from app.core.db import after_commit, execute, fetch, fetch_one
from app.core.errors import NotFound
from app.core.ids import uuid7
from app.core.ports import Signals

READ_LIMIT = 200
MAX_PREVIEW_BYTES = 16 * 1024
PUBLISH_ALL_TIMEOUT = 2.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A state change, as it was recorded."""

    person_id: UUID
    sequence: int
    object_id: UUID
    type: str
    progress: float
    at: datetime

    @property
    def cursor(self) -> str:
        """Where this entry stands, for `after`."""
        return encode_cursor(self.sequence)


@dataclass(frozen=True, slots=True)
class Signal:
    """What processes tell each other: `sequence` wakes the readers of an object, else it is progress or a preview."""

    person_id: UUID
    object_id: UUID
    sequence: int | None = None
    progress: float = 0.0
    preview: str | None = None
    gone: bool = False
    """The object was deleted."""

    def encode(self) -> bytes:
        """Return the wire format: a JSON array."""
        return orjson.dumps(
            [str(self.person_id), str(self.object_id), self.sequence, self.progress, self.preview, self.gone]
        )

    @classmethod
    def decode(cls, message: bytes) -> "Signal":
        """Read the wire format. Raises ValueError."""
        try:
            person_id, object_id, sequence, progress, preview, gone = orjson.loads(message)
            return cls(UUID(person_id), UUID(object_id), sequence, float(progress), preview, bool(gone))
        except (ValueError, TypeError, AttributeError):
            raise ValueError("this is no signal") from None


class _Carrier:
    signals: Signals | None = None


def signal_with(signals: Signals | None) -> None:
    """Set what carries signals; a composition root calls it once. None: hubs poll."""
    _Carrier.signals = signals


async def append(person_id: UUID, object_id: UUID, type: str, progress: float) -> int:
    """Append to the person's feed in the caller's transaction; return the sequence number.

    The feed's row lock is held until the commit, so numbers are without gaps and in order of commit. Take it last.
    """
    row = await fetch_one(
        """WITH next AS (
             INSERT INTO feeds (person_id, sequence) VALUES ($1, 1)
             ON CONFLICT (person_id) DO UPDATE SET sequence = feeds.sequence + 1 RETURNING sequence)
           INSERT INTO feed_entries (id, person_id, sequence, object_id, type, progress, at)
           SELECT $2, $1, sequence, $3, $4, $5, clock_timestamp() FROM next RETURNING sequence""",
        person_id,
        uuid7(),
        object_id,
        type,
        progress,
    )
    if row is None:
        raise RuntimeError("the feed returned no sequence")
    sequence = int(row["sequence"])
    after_commit(lambda: _publish(Signal(person_id, object_id, sequence)))
    return sequence


async def append_each(objects: Mapping[UUID, UUID], type: str) -> None:
    """Append an object to the feed of each of several people, by one statement, in the caller's transaction.

    The feeds' rows are locked in the order of their people, so that two of these never wait for each other. Take them
    last.
    """
    people = sorted(objects)
    rows = await fetch(
        """WITH told AS (
             SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS told (person_id, entry_id, object_id)),
           next AS (
             INSERT INTO feeds (person_id, sequence) SELECT person_id, 1 FROM told ORDER BY person_id
             ON CONFLICT (person_id) DO UPDATE SET sequence = feeds.sequence + 1 RETURNING person_id, sequence)
           INSERT INTO feed_entries (id, person_id, sequence, object_id, type, progress, at)
           SELECT entry_id, person_id, sequence, object_id, $4, 0, clock_timestamp()
           FROM next JOIN told USING (person_id)
           RETURNING person_id, object_id, sequence""",
        people,
        [uuid7() for _ in people],
        [objects[person] for person in people],
        type,
    )
    after_commit(partial(_publish_all, [Signal(**row) for row in rows]))


async def cursors(object_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the cursor of the last entry of each object that has one."""
    rows = await fetch(
        "SELECT object_id, max(sequence) AS last FROM feed_entries WHERE object_id = ANY($1) GROUP BY object_id",
        list(object_ids),
    )
    return {row["object_id"]: encode_cursor(row["last"]) for row in rows}


async def delete(person_id: UUID, object_ids: Sequence[UUID]) -> None:
    """Delete the entries of objects that are deleted, in the caller's transaction; their watchers learn it at once.

    The number moves on, so that hubs that poll notice too.
    """
    await execute("DELETE FROM feed_entries WHERE person_id = $1 AND object_id = ANY($2)", person_id, list(object_ids))
    rows = await fetch("UPDATE feeds SET sequence = sequence + 1 WHERE person_id = $1 RETURNING sequence", person_id)
    gone = [Signal(person_id, object_id, row["sequence"], gone=True) for row in rows for object_id in object_ids]
    after_commit(partial(_publish_all, gone))


async def forget(person_ids: Sequence[UUID]) -> None:
    """Delete the feeds of people who are gone, in the caller's transaction."""
    await execute("DELETE FROM feed_entries WHERE person_id = ANY($1)", list(person_ids))
    await execute("DELETE FROM feeds WHERE person_id = ANY($1)", list(person_ids))


async def publish_progress(person_id: UUID, object_id: UUID, progress: float, preview: str | None = None) -> None:
    """Tell whoever watches how far the object is. Raises ValueError for a preview of more than 16 KiB."""
    if preview is not None and len(preview) > MAX_PREVIEW_BYTES:
        raise ValueError("a preview has at most 16 KiB")
    await _publish(Signal(person_id, object_id, None, progress, preview))


async def _publish_all(signals: Sequence[Signal]) -> None:
    """Send, or after two seconds leave the rest to the hubs' polls: nobody waits for a Valkey that does not answer."""
    with suppress(TimeoutError):
        async with asyncio.timeout(PUBLISH_ALL_TIMEOUT):
            for signal in signals:
                await _publish(signal)


async def _publish(signal: Signal) -> None:
    if _Carrier.signals is not None:
        await _Carrier.signals.publish(signal.encode())


_ENTRIES = "SELECT person_id, sequence, object_id, type, progress, at FROM feed_entries WHERE person_id = $1"


async def entries(person_id: UUID, object_id: UUID | None, after: int) -> Sequence[Entry]:
    """Return the entries behind `after`, of one object or (None) of all, in order, at most 200."""
    rows = await fetch(
        f"{_ENTRIES} AND ($2::uuid IS NULL OR object_id = $2) AND sequence > $3 ORDER BY sequence LIMIT $4",
        person_id,
        object_id,
        after,
        READ_LIMIT,
    )
    return [Entry(**row) for row in rows]


async def last_entry(person_id: UUID, object_id: UUID) -> Entry | None:
    """Return the object's latest entry, or None where it has none (or is another person's)."""
    row = await fetch_one(f"{_ENTRIES} AND object_id = $2 ORDER BY sequence DESC LIMIT 1", person_id, object_id)
    return Entry(**row) if row else None


async def entry_at(person_id: UUID, object_id: UUID | None, cursor: str) -> Entry:
    """Return the entry that a cursor names, of one object or (None) of any.

    Raises NotFound where this person's feed has no such entry (any more).
    """
    row = await fetch_one(
        f"{_ENTRIES} AND ($2::uuid IS NULL OR object_id = $2) AND sequence = $3",
        person_id,
        object_id,
        decode_cursor(cursor),
    )
    if row is None:
        raise NotFound("There is no such cursor in this feed. Subscribe again without `after`.", path=("after",))
    return Entry(**row)


async def sequences(person_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return the last sequence number of each person's feed: what a hub polls while no signals arrive."""
    rows = await fetch("SELECT person_id, sequence FROM feeds WHERE person_id = ANY($1)", list(person_ids))
    return {row["person_id"]: row["sequence"] for row in rows}


def encode_cursor(sequence: int) -> str:
    """Return the opaque cursor of a sequence number."""
    return base64.urlsafe_b64encode(f"feed:{sequence}".encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> int:
    """Return the sequence number. Raises NotFound for what is no cursor."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        kind, _, number = text.partition(":")
        if kind == "feed" and number.isascii() and number.isdigit() and len(number) < 19:
            return int(number)
    except (ValueError, binascii.Error):
        pass
    raise NotFound("This is no cursor of a feed. Subscribe again without `after`.", path=("after",))
