"""A ZIP that is written as it is read (APPNOTE 6.3, always with the 64-bit fields): nothing of it is held but its list.

The library pulls; what is packed comes from async readers. Each archive has one thread, in which it is packed and from
which it asks the event loop for the next bytes: two archives never wait for each other's threads.
"""

import asyncio
import zlib
from collections.abc import AsyncGenerator, Generator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from stream_zip import NO_COMPRESSION_64, ZIP_64, MemberFile, stream_zip

T = TypeVar("T")
READABLE = 0o100600
"""A file that its owner reads and writes."""
LEVEL = 6
"""Of deflate: 9 takes twice as long for some hundredths."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the archive. What is `packed` already, as a picture is, is stored as it is and held once as a whole."""

    path: str
    chunks: AsyncGenerator[bytes, None]
    packed: bool = False


async def zipped(members: AsyncGenerator[Member, None], at: datetime) -> AsyncGenerator[bytes, None]:
    """Yield a ZIP of the members in chunks of at most 64 KiB; they are drawn one after the other.

    Raises what drawing them raises.
    """
    loop, context = asyncio.get_running_loop(), copy_context()
    chunks = _chunks(members, at, loop)
    thread = ThreadPoolExecutor(1, "zip")
    drawing: asyncio.Future[bytes | None] | None = None
    try:
        while True:
            drawing = loop.run_in_executor(thread, context.run, _next, chunks)
            chunk = await asyncio.shield(drawing)
            if chunk is None:
                return
            yield chunk
    finally:
        if drawing is not None:
            await asyncio.wait([drawing])  # it waits for this loop, which has to go on for it
        await loop.run_in_executor(thread, context.run, chunks.close)
        thread.shutdown(wait=False)
        await members.aclose()


def _chunks(
    members: AsyncGenerator[Member, None], at: datetime, loop: asyncio.AbstractEventLoop
) -> Generator[bytes, None, None]:
    def files() -> Generator[MemberFile, None, None]:
        for member in _drawn(members, loop):
            method = NO_COMPRESSION_64 if member.packed else ZIP_64
            yield member.path, at, READABLE, method, _drawn(member.chunks, loop)

    yield from stream_zip(files(), get_compressobj=lambda: zlib.compressobj(LEVEL, wbits=-zlib.MAX_WBITS))


def _drawn(source: AsyncGenerator[T, None], loop: asyncio.AbstractEventLoop) -> Generator[T, None, None]:
    """Yield in this thread what a generator of the loop's yields."""

    async def following() -> tuple[T] | None:
        try:
            return (await anext(source),)
        except StopAsyncIteration:
            return None

    try:
        while found := asyncio.run_coroutine_threadsafe(following(), loop).result():
            yield found[0]
    finally:
        asyncio.run_coroutine_threadsafe(source.aclose(), loop).result()


def _next(chunks: Generator[bytes, None, None]) -> bytes | None:
    return next(chunks, None)
