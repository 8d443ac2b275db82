"""Something long as several objects, each written whole: memory stays bounded, and nothing lies where nobody looks.

A bucket would take one long object in parts that no listing shows until the last has come: what a crash leaves there
outlives any erasure. The pieces of something that broke off are found by their common beginning, and go with it.
"""

import hashlib
from collections.abc import AsyncGenerator, AsyncIterable
from dataclasses import dataclass

from app.core.ports import ObjectStore

PIECE = 4 * 1024 * 1024
"""Bytes of every piece but the last."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written."""

    byte_size: int
    sha256: str


async def write(store: ObjectStore, prefix: str, chunks: AsyncIterable[bytes], piece: int = PIECE) -> Written:
    """Write pieces `prefix/0`, `prefix/1` …, in the place of those that were there. Raises OSError."""
    buffer, digest, number, size = bytearray(), hashlib.sha256(), 0, 0
    async for chunk in chunks:
        digest.update(chunk)
        size += len(chunk)
        buffer += chunk
        while len(buffer) >= piece:
            await store.put(f"{prefix}/{number}", bytes(memoryview(buffer)[:piece]))
            del buffer[:piece]
            number += 1
    if buffer:
        await store.put(f"{prefix}/{number}", bytes(buffer))
    return Written(size, digest.hexdigest())


async def read(
    store: ObjectStore, prefix: str, byte_size: int, start: int = 0, end: int | None = None, piece: int = PIECE
) -> AsyncGenerator[bytes, None]:
    """Yield bytes `start` to `end` (exclusive; None: to the end) of what has `byte_size` bytes.

    Raises KeyError where a piece is gone, and OSError.
    """
    position, end = start, byte_size if end is None else min(end, byte_size)
    while position < end:
        number, offset = divmod(position, piece)
        until = min(piece, offset + end - position)
        came = 0
        async for chunk in store.read(f"{prefix}/{number}", offset, until):
            came += len(chunk)
            yield chunk
        if came != until - offset:
            raise KeyError(f"{prefix}/{number}")
        position += came


async def delete(store: ObjectStore, prefix: str) -> None:
    """Delete everything below `prefix`, whole or not. Raises OSError."""
    keys = [key async for key in store.list(f"{prefix}/")]
    for key in keys:
        await store.delete(key)
