"""Things by their ids, and what is open to everybody."""

from collections.abc import Callable

from app.media.acknowledgement import CURRENT
from tests.fakes.server import Json
from tests.schema.access.case import Case
from tests.schema.world import SECRET, Who, World

DENIED = "null and FORBIDDEN"
"""What no answer is equal to."""
PICTURELESS = frozenset({Who.PROFILE, Who.PROFILE_EMAIL})
"""Apps that may not see pictures, whoever's they are."""


def _node(name: str, id_of: Callable[[World], str], shown: Json) -> Case:
    def answer(world: World, who: Who) -> object:
        if not who.owns:
            return None
        return DENIED if who in PICTURELESS and name != "User" else {"__typename": name, "id": id_of(world), **shown}

    return Case("Query", "node", answer, lambda world, _: {"id": id_of(world)}, label=name, types=(name,))


def _public(name: str, id_of: Callable[[World], str], shown: Json) -> Case:
    return Case(
        "Query",
        "node",
        lambda world, _: {"__typename": name, "id": id_of(world), **shown},
        lambda world, _: {"id": id_of(world)},
        label=name,
        types=(name,),
    )


def _several(world: World, who: Who) -> list[object]:
    own = [world.users[Who.OWNER], world.generation, world.image]
    if not who.owns:
        return [None, None, None, {"id": world.shown}]
    return [{"id": own[0]}, *(DENIED if who in PICTURELESS else {"id": id} for id in own[1:]), {"id": world.shown}]


CASES = (
    _node("User", lambda world: world.users[Who.OWNER], {"email": "owner@example.com"}),
    _node("Generation", lambda world: world.generation, {"prompt": SECRET}),
    _node("GeneratedImage", lambda world: world.image, {"index": 0}),
    _node("ReferenceImage", lambda world: world.owner.reference, {"hasFace": False}),
    _public("GalleryItem", lambda world: world.shown, {"prompt": None}),
    _public("Profile", lambda world: world.author_profile, {"displayName": "Author"}),
    Case(
        "Query",
        "nodes",
        _several,
        lambda world, _: {"ids": [world.users[Who.OWNER], world.generation, world.image, world.shown]},
        types=("Generation", "GeneratedImage", "GalleryItem"),
    ),
    Case("Query", "engines", lambda *_: [{"name": "slow"}, {"name": "faulty"}]),
    Case("Query", "processors", lambda *_: [{"name": "slow"}, {"name": "mailbox", "role": "OURSELVES"}]),
    Case("Query", "gallery", lambda world, _: {"nodes": [{"id": world.shown}]}, lambda *_: {"first": 20}),
    Case("Query", "faceAcknowledgement", lambda *_: {"version": CURRENT.version}),
    Case("Query", "cookies", lambda *_: [{"name": "session", "kind": "STRICTLY_NECESSARY"}] + [{}] * 7),
)
