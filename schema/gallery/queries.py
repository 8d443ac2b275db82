"""The gallery."""

import strawberry

from app.analytics.events import Event
from app.gallery.queries import gallery
from schema.context import Info
from schema.directives import PAGE
from schema.gallery.loaders import SHOWING
from schema.gallery.types import GalleryItemConnection, page
from schema.relay import check_first, decode_cursor


@strawberry.type
class GalleryQueries:
    """Part of Query."""

    @strawberry.field(
        description="What people show, newest first. "
        "`search` finds words in the prompts that are shown, and no others.",
        directives=[PAGE],
    )
    async def gallery(
        self,
        info: Info,
        first: int = 20,
        after: str | None = None,
        search: str | None = None,
        style: str | None = None,
    ) -> GalleryItemConnection:
        """Two statements, whatever the page."""
        items = await gallery(
            SHOWING,
            info.context.ports.allows,
            first=check_first(first) + 1,
            before=decode_cursor(after),
            search=search,
            style=style,
        )
        info.context.note(Event.GALLERY_VIEWED)
        return page(items, first, after)
