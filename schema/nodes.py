"""Relay's `node` and `nodes`."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

import strawberry
from graphql import GraphQLError

from app.accounts.queries import person
from schema.accounts.types import User
from schema.context import ID, Info
from schema.directives import ListSize
from schema.gallery.loaders import item_loader, profile_loader
from schema.gallery.types import GalleryItem, Profile
from schema.generation.loaders import generation_loader, image_loader
from schema.generation.types import GeneratedImage, Generation
from schema.media.loaders import reference_loader
from schema.media.types import ReferenceImage
from schema.relay import MAX_PAGE, Node, parse_global_id


async def _user(info: Info, key: UUID) -> Node | None:
    viewer = info.context.required_viewer
    record = await person(viewer) if key == viewer.user_id else None
    return User.from_record(record) if record else None


async def _generation(info: Info, key: UUID) -> Node | None:
    record = await info.context.loader(generation_loader).load(key)
    return Generation.from_record(record) if record else None


async def _image(info: Info, key: UUID) -> Node | None:
    record = await info.context.loader(image_loader).load(key)
    return GeneratedImage.from_record(record) if record else None


async def _reference(info: Info, key: UUID) -> Node | None:
    record = await info.context.loader(reference_loader).load(key)
    return ReferenceImage.from_record(record) if record else None


async def _gallery_item(info: Info, key: UUID) -> Node | None:
    item = await info.context.public_loader(item_loader).load(key)
    return GalleryItem.from_record(item) if item else None


async def _profile(info: Info, key: UUID) -> Node | None:
    record = await info.context.public_loader(profile_loader).load(key)
    return Profile.from_record(record) if record else None


OWN: dict[str, Callable[[Info, UUID], Awaitable[Node | None]]] = {
    "User": _user,
    "Generation": _generation,
    "GeneratedImage": _image,
    "ReferenceImage": _reference,
}
"""Objects of the viewer's; there are none where nobody is signed in."""
PUBLIC: dict[str, Callable[[Info, UUID], Awaitable[Node | None]]] = {
    "GalleryItem": _gallery_item,
    "Profile": _profile,
}


async def find(info: Info, id: str) -> Node | None:
    """Return the object of that global id; None for what does not exist, or is not the viewer's to see."""
    parsed = parse_global_id(id)
    if parsed is None:
        return None
    finders = PUBLIC if info.context.viewer is None else {**OWN, **PUBLIC}
    finder = finders.get(parsed[0])
    return await finder(info, parsed[1]) if finder else None


@strawberry.type
class NodeQueries:
    """Part of Query."""

    @strawberry.field(description="The viewer's object of that id; null where there is none.")
    async def node(self, info: Info, id: ID) -> Node | None:
        """At most two statements."""
        return await find(info, id)

    @strawberry.field(
        description="Up to 100 objects by id, in that order; null for each that is not found.",
        directives=[ListSize(slicing_arguments=["ids"])],
    )
    async def nodes(
        self, info: Info, ids: Annotated[list[ID], strawberry.argument(description="At most 100.")]
    ) -> list[Node | None]:
        """At most two statements for each type among them."""
        if len(ids) > MAX_PAGE:
            raise GraphQLError(f"`ids` has at most {MAX_PAGE} entries.", extensions={"code": "BAD_USER_INPUT"})
        return list(await asyncio.gather(*(find(info, id) for id in ids)))
