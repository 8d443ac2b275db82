"""What everybody may see. Nothing here leads back to `User` or `Generation`."""

from datetime import datetime
from uuid import UUID

import strawberry

from app.gallery.queries import PublicProfile, ShownItem, gallery
from app.media.variants import Variant
from schema.context import Info
from schema.directives import PAGE, ListSize
from schema.gallery.loaders import SHOWING
from schema.generation.types import GeneratedImage
from schema.relay import Connection, Node, check_first, connection, decode_cursor, global_id


@strawberry.type(description="What others see of a person who shows something.")
class Profile(Node):
    """`app.gallery.queries.PublicProfile`."""

    key: strawberry.Private[UUID]
    avatar: strawberry.Private[UUID | None]
    display_name: str = strawberry.field(description="What they are called.")

    @classmethod
    def from_record(cls, record: PublicProfile) -> "Profile":
        """Build from a query's record."""
        return cls(
            id=global_id("Profile", record.id),
            key=record.id,
            avatar=record.avatar,
            display_name=record.display_name,
        )

    @strawberry.field(description="A signed address of their picture, 256 pixels wide at most; null: they have none.")
    def avatar_url(self, info: Info) -> str | None:
        """No statement: the address is computed."""
        return info.context.ports.links.url(self.avatar, Variant.SMALL) if self.avatar else None

    @strawberry.field(description="What they show, newest first.", directives=[PAGE])
    async def gallery(self, info: Info, first: int = 20, after: str | None = None) -> "GalleryItemConnection":
        """Two statements."""
        items = await gallery(
            SHOWING,
            info.context.ports.allows,
            first=check_first(first) + 1,
            before=decode_cursor(after),
            author=self.key,
        )
        return page(items, first, after)


@strawberry.type(description="Pictures that their author shows to everybody.")
class GalleryItem(Node):
    """`app.gallery.queries.ShownItem`."""

    author: Profile = strawberry.field(description="Who shows them.")
    prompt: str | None = strawberry.field(description="Null unless the author shows it.")
    style: str | None = strawberry.field(description="One of the engine's styles.")
    images: list[GeneratedImage] = strawberry.field(description="At most 4.", directives=[ListSize(assumed_size=4)])
    published_at: datetime = strawberry.field(description="Since when they are shown.")

    @classmethod
    def from_record(cls, record: ShownItem) -> "GalleryItem":
        """Build from a query's record."""
        return cls(
            id=global_id("GalleryItem", record.id),
            author=Profile.from_record(record.author),
            prompt=record.prompt,
            style=record.style,
            images=[GeneratedImage.from_record(image) for image in record.images],
            published_at=record.published_at,
        )


GalleryItemConnection = Connection[GalleryItem]


def page(items: list[ShownItem], first: int, after: str | None) -> GalleryItemConnection:
    """Build a page from up to `first + 1` items."""
    return connection([GalleryItem.from_record(item) for item in items], [item.id for item in items], first, after)
