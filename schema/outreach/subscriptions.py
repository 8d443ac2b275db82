"""Be told at once."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

import strawberry

from app.core import feed
from app.core.feed import Entry
from app.outreach.announcing import NOTICE_POSTED
from app.outreach.queries import notice
from schema.context import Info
from schema.directives import Cost
from schema.outreach.types import Notice


@strawberry.type
class OutreachSubscriptions:
    """Part of Subscription."""

    @strawberry.subscription(
        description="Follow the viewer's notices, from now on or from `after` on; it does not complete.",
        directives=[Cost(weight=10)],
    )
    async def notice_posted(self, info: Info, after: str | None = None) -> AsyncGenerator[Notice, None]:
        """The same feed as `generationEvents`; of other entries nothing is read but their rows."""
        viewer, hub = info.context.required_viewer, info.context.ports.hub
        if after is not None:
            since = (await feed.entry_at(viewer.user_id, None, after)).sequence
        else:
            since = (await feed.sequences([viewer.user_id])).get(viewer.user_id, 0)
        async with aclosing(hub.follow(viewer.user_id, since)) as changes:
            async for change in changes:
                if isinstance(change, Entry) and change.type == NOTICE_POSTED:
                    record = await notice(viewer, change.object_id)
                    if record is not None:
                        yield Notice.from_record(record)
