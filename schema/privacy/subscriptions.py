"""Watch a privacy request."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime
from uuid import UUID

import strawberry

from app.core import feed
from app.core.errors import NotFound
from app.core.feed import Entry
from app.core.viewer import Viewer
from app.privacy.queries import requests_by_id
from app.privacy.status import LAST_EVENTS, RequestEvent
from schema.context import ID, Info
from schema.directives import Cost
from schema.privacy.enums import EventType
from schema.privacy.types import PrivacyRequest
from schema.relay import parse_global_id

TYPES = {event.entry: EventType(event.value) for event in RequestEvent}
LAST = frozenset(event.entry for event in LAST_EVENTS)


@strawberry.type(description="Something that happened to a privacy request.")
class PrivacyRequestEvent:
    """A row of the feed."""

    request_key: strawberry.Private[UUID]
    cursor: str = strawberry.field(description="Send the last one as `after` to go on where you were.")
    sequence: int = strawberry.field(description="Per person: compare it, do not count with it.")
    at: datetime = strawberry.field(description="When it happened.")
    type: EventType = strawberry.field(description="What happened.")
    progress: float = strawberry.field(description="0 to 1: of the steps, how many are done.")

    @strawberry.field(graphql_type=PrivacyRequest | None, description="As it is now.")
    async def request(self, info: Info) -> PrivacyRequest | None:
        """One statement per event, shared by its subscribers."""
        viewer, key = info.context.required_viewer, self.request_key
        once = (viewer.user_id, key, self.sequence, "request")
        [record] = await info.context.ports.hub.once(once, lambda: requests_by_id(viewer, [key]))
        return PrivacyRequest.from_record(record) if record else None


@strawberry.type
class PrivacySubscriptions:
    """Part of Subscription."""

    @strawberry.subscription(
        description="Follow a privacy request to its end, by the same rules as `generationProgress`. After COMPLETED, "
        "DENIED, CANCELED or EXPIRED it completes. The erasure of an account ends it with the session: its page and "
        "its mails go on.",
        directives=[Cost(weight=10)],
    )
    async def privacy_request_progress(
        self, info: Info, id: ID, after: str | None = None
    ) -> AsyncGenerator[PrivacyRequestEvent, None]:
        """State from the feed's rows."""
        viewer = info.context.required_viewer
        key, since = await _start(viewer, id, after)
        if after is None:
            yield _event(since, EventType("SNAPSHOT"))
        if since.type in LAST:
            return
        async with aclosing(info.context.ports.hub.follow(viewer.user_id, since.sequence, key)) as changes:
            async for change in changes:
                if isinstance(change, Entry):
                    yield _event(change, TYPES[change.type])
                    if change.type in LAST:
                        return


async def _start(viewer: Viewer, id: str, after: str | None) -> tuple[UUID, Entry]:
    """Return the request's key and the entry to go on from. Raises NotFound for what is not the viewer's."""
    parsed = parse_global_id(id)
    if parsed is not None and parsed[0] == "PrivacyRequest":
        key = parsed[1]
        if after is not None:
            return key, await feed.entry_at(viewer.user_id, key, after)
        if entry := await feed.last_entry(viewer.user_id, key):
            return key, entry
    raise NotFound("There is no such privacy request of yours.", path=("id",))


def _event(entry: Entry, type: EventType) -> PrivacyRequestEvent:
    return PrivacyRequestEvent(
        request_key=entry.object_id,
        cursor=entry.cursor,
        sequence=entry.sequence,
        at=entry.at,
        type=type,
        progress=entry.progress,
    )
