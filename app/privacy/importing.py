"""Brings what a person had made at another service into their account here, from an archive of portability.

The pictures come, with what was asked for. Consents, acknowledgements and reference pictures do not: what they allow
was allowed to somebody else. Nothing is published: that is decided anew. Run again, it goes on; nothing comes twice.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import orjson

from app.core.errors import InvalidInput
from app.core.ports import Compute, ObjectStore
from app.generation.moving_in import MAX_PICTURES, Brought, is_here, move_in
from app.media import service
from app.media.errors import UnreadablePicture
from app.media.imaging import prepare
from app.privacy.export.reading import ArchiveReader, Unreadable

GENERATIONS = "portable/generations.jsonl"


@dataclass(slots=True)
class Imported:
    """What came."""

    generations: int = 0
    pictures: int = 0
    known: int = 0
    """Generations that had come before."""


@dataclass(frozen=True, slots=True)
class Mover:
    """What bringing in takes."""

    store: ObjectStore
    compute: Compute
    max_pixels: int
    tell: Callable[[Imported], None] = lambda _: None


async def bring_in(reader: ArchiveReader, person: UUID, mover: Mover) -> Imported:
    """Bring in everything of an archive whose files were verified. One generation is in memory at a time.

    Raises Unreadable for what is no generation or no picture, and OSError.
    """
    if GENERATIONS not in reader.entries:
        raise Unreadable("Nothing in it can be taken over: ask for an archive of PORTABILITY.")
    done = Imported()
    for line in reader.lines(GENERATIONS):
        said, brought = _read(line)
        if await is_here(person, brought.id):
            done.known += 1
        else:
            await _bring(reader, person, said, brought, mover, done)
        mover.tell(done)
    return done


async def _bring(
    reader: ArchiveReader, person: UUID, said: Mapping[str, Any], brought: Brought, mover: Mover, done: Imported
) -> None:
    pictures: list[UUID] = []
    try:
        for each in said["pictures"]:
            content = reader.content(str(each["path"]))
            prepared = await mover.compute(partial(prepare, max_pixels=mover.max_pixels), content)
            pictures.append(await service.upload(person, prepared, mover.store))
        came = await move_in(person, brought, pictures)
    except (Exception, asyncio.CancelledError) as error:
        await _discard(pictures, mover.store)
        if isinstance(error, UnreadablePicture):
            raise Unreadable(f"A picture of it cannot be read: {error.message}") from error
        raise
    if not came:  # another run was at it too
        await _discard(pictures, mover.store)
        done.known += 1
        return
    done.generations += 1
    done.pictures += len(pictures)


async def _discard(pictures: list[UUID], store: ObjectStore) -> None:
    for picture in pictures:
        await service.discard(picture, store)


def _read(line: bytes) -> tuple[Mapping[str, Any], Brought]:
    try:
        said = orjson.loads(line)
        brought = Brought(
            UUID(said["id"]),
            str(said["prompt"]),
            None if said.get("negativePrompt") is None else str(said["negativePrompt"]),
            str(said["engine"]),
            int(said["seed"]),
            int(said["width"]),
            int(said["height"]),
            None if said.get("style") is None else str(said["style"]),
            datetime.fromisoformat(said["createdAt"]),
        )
        if len(said["pictures"]) > MAX_PICTURES:
            raise InvalidInput(f"A generation has at most {MAX_PICTURES} pictures.")
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable("A line of its generations cannot be read.") from error
    except InvalidInput as error:
        raise Unreadable(error.message) from error
    return said, brought
