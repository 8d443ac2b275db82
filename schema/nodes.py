"""Relay's `node` and `nodes`."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, cast
from uuid import UUID

import strawberry
from graphql import GraphQLError

from app.accounts.queries import person
from app.outreach.queries import notice
from app.policy.queries import listed_by_id
from app.support.queries import own_thread
from schema.access import allowed
from schema.accounts.types import User
from schema.context import ID, Coordinate, Info
from schema.directives import ListSize
from schema.extensions.access import forbidden
from schema.gallery.loaders import item_loader, profile_loader
from schema.gallery.types import GalleryItem, Profile
from schema.generation.loaders import generation_loader, image_loader
from schema.generation.types import GeneratedImage, Generation
from schema.media.loaders import reference_loader
from schema.media.types import ReferenceImage
from schema.outreach.types import Notice
from schema.policy.types import Policy
from schema.privacy.loaders import request_loader
from schema.privacy.types import PrivacyRequest
from schema.relay import MAX_PAGE, Node, parse_global_id
from schema.support.types import SupportThread


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


async def _notice(info: Info, key: UUID) -> Node | None:
    record = await notice(info.context.required_viewer, key)
    return Notice.from_record(record) if record else None


async def _support_thread(info: Info, key: UUID) -> Node | None:
    record = await own_thread(info.context.required_viewer, key)
    return SupportThread.from_record(record) if record else None


async def _privacy_request(info: Info, key: UUID) -> Node | None:
    record = await info.context.loader(request_loader).load(key)
    return PrivacyRequest.from_record(record) if record else None


async def _policy(info: Info, key: UUID) -> Node | None:
    record = (await listed_by_id()).get(key)
    return Policy.from_record(record) if record else None


async def _gallery_item(info: Info, key: UUID) -> Node | None:
    item = await info.context.context_loader(item_loader).load(key)
    return GalleryItem.from_record(item) if item else None


async def _profile(info: Info, key: UUID) -> Node | None:
    record = await info.context.context_loader(profile_loader).load(key)
    return Profile.from_record(record) if record else None


Finder = Callable[[Info, UUID], Awaitable[Node | None]]
OWN: dict[str, tuple[Finder, Coordinate]] = {
    "User": (_user, ("User", "id")),
    "Generation": (_generation, ("Generation", "id")),
    "GeneratedImage": (_image, ("Generation", "images")),
    "ReferenceImage": (_reference, ("ReferenceImage", "id")),
    "Notice": (_notice, ("Notice", "id")),
    "SupportThread": (_support_thread, ("SupportThread", "id")),
    "PrivacyRequest": (_privacy_request, ("PrivacyRequest", "id")),
}
"""Objects of the viewer's, each for whoever may see that field; there are none where nobody is signed in.

The fields of a picture are open to everybody, for the gallery's sake; a picture of one's own is as private as its
generation.
"""
PUBLIC: dict[str, Finder] = {
    "GalleryItem": _gallery_item,
    "Profile": _profile,
    "Policy": _policy,
}


async def find(info: Info, id: str) -> Node | GraphQLError | None:
    """Return the object of that global id; None for what does not exist, or is not the viewer's to see.

    An app that lacks the scope for it gets an error in its place: one of a list does not take the others with it.
    """
    parsed, viewer = parse_global_id(id), info.context.viewer
    if parsed is None:
        return None
    name, key = parsed
    if name in PUBLIC:
        return await PUBLIC[name](info, key)
    if viewer is None or name not in OWN:
        return None
    finder, field = OWN[name]
    return await finder(info, key) if allowed(*field, viewer) else forbidden(viewer, field)


@strawberry.type
class NodeQueries:
    """Part of Query."""

    @strawberry.field(description="The viewer's object of that id; null where there is none.")
    async def node(self, info: Info, id: ID) -> Node | None:
        """At most two statements."""
        return cast(Node | None, await find(info, id))  # an error in its place is raised by the executor

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
        return cast(list[Node | None], await asyncio.gather(*(find(info, id) for id in ids)))
