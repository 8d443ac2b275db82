"""Watch a generation."""

from collections.abc import AsyncGenerator, Awaitable
from contextlib import aclosing
from datetime import datetime
from uuid import UUID

import strawberry

from app.core import feed
from app.core.errors import NotFound
from app.core.feed import Entry
from app.core.hub import Ephemeral
from app.core.viewer import Viewer
from app.generation.queries import generations_by_id
from app.generation.status import TERMINAL
from schema.context import ID, Info
from schema.directives import Cost
from schema.generation.enums import EventType
from schema.generation.types import Generation
from schema.relay import parse_global_id

EPHEMERAL = frozenset({EventType.PROGRESS, EventType.PREVIEW})


@strawberry.type(description="Something that happened to a generation, or how far it is.")
class GenerationEvent:
    """A row of the feed, or a signal."""

    generation_key: strawberry.Private[UUID]
    cursor: str = strawberry.field(description="Send the last one as `after` to go on where you were.")
    sequence: int = strawberry.field(
        description="Of the last state event, per person: compare it, do not count with it."
    )
    at: datetime = strawberry.field(description="When it happened.")
    type: EventType = strawberry.field(description="What happened.")
    progress: float = strawberry.field(description="0 to 1.")
    preview: str | None = strawberry.field(description="An unfinished picture as a data URI of at most 16 KiB.")

    @strawberry.field(graphql_type=Generation | None, description="As it is now; null on PROGRESS and PREVIEW.")
    def generation(self, info: Info) -> Awaitable[Generation | None] | None:
        """Two statements per state event, shared by its subscribers; on progress none, and nothing to wait for."""
        return None if self.type in EPHEMERAL else self._generation(info)

    async def _generation(self, info: Info) -> Generation | None:
        viewer, key = info.context.required_viewer, self.generation_key
        record = (
            await info.context.ports.hub.once(
                (viewer.user_id, key, self.sequence, "record"), lambda: generations_by_id(viewer, [key])
            )
        )[0]
        return Generation.from_record(record) if record else None


@strawberry.type
class GenerationSubscriptions:
    """Part of Subscription."""

    @strawberry.subscription(
        description="Follow one generation to its end. Without `after` it begins with a SNAPSHOT; with `after` every "
        "state event since is delivered, once and in order. After SUCCEEDED, FAILED or CANCELED it completes.",
        directives=[Cost(weight=10)],
    )
    async def generation_progress(
        self, info: Info, id: ID, after: str | None = None
    ) -> AsyncGenerator[GenerationEvent, None]:
        """State from the feed's rows, progress from signals."""
        viewer = info.context.required_viewer
        key, since = await _start(viewer, id, after)
        if after is None:
            yield _event(since, EventType.SNAPSHOT)
        if since.type in TERMINAL:
            return
        async with aclosing(info.context.ports.hub.follow(viewer.user_id, since.sequence, key)) as changes:
            async for change in changes:
                if isinstance(change, Ephemeral):
                    yield _ephemeral(change, info.context.ports.clock.now())
                    continue
                yield _event(change, EventType(change.type))
                if change.type in TERMINAL:
                    return

    @strawberry.subscription(
        description="Follow all of the viewer's generations, from now on or from `after` on; it does not complete.",
        directives=[Cost(weight=10)],
    )
    async def generation_events(self, info: Info, after: str | None = None) -> AsyncGenerator[GenerationEvent, None]:
        """The same rows and signals, of every generation."""
        person_id, ports = info.context.required_viewer.user_id, info.context.ports
        if after is not None:
            since = (await feed.entry_at(person_id, None, after)).sequence
        else:
            since = (await feed.sequences([person_id])).get(person_id, 0)
        async with aclosing(ports.hub.follow(person_id, since)) as changes:
            async for change in changes:
                if isinstance(change, Ephemeral):
                    yield _ephemeral(change, ports.clock.now())
                elif change.type in EventType.__members__:  # the feed has notices too
                    yield _event(change, EventType(change.type))


async def _start(viewer: Viewer, id: str, after: str | None) -> tuple[UUID, Entry]:
    """Return the generation's key and the entry to go on from. Raises NotFound for what is not the viewer's."""
    parsed = parse_global_id(id)
    if parsed is not None and parsed[0] == "Generation":
        key = parsed[1]
        if after is not None:
            return key, await feed.entry_at(viewer.user_id, key, after)
        if entry := await feed.last_entry(viewer.user_id, key):
            return key, entry
    raise NotFound("There is no such generation of yours.", path=("id",))


def _event(entry: Entry, type: EventType) -> GenerationEvent:
    return GenerationEvent(
        generation_key=entry.object_id,
        cursor=entry.cursor,
        sequence=entry.sequence,
        at=entry.at,
        type=type,
        progress=entry.progress,
        preview=None,
    )


def _ephemeral(change: Ephemeral, now: datetime) -> GenerationEvent:
    return GenerationEvent(
        generation_key=change.object_id,
        cursor=change.cursor,
        sequence=change.sequence,
        at=now,
        type=EventType.PREVIEW if change.preview else EventType.PROGRESS,
        progress=change.progress,
        preview=change.preview,
    )
