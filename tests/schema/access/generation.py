"""Generations: wishes, commands, and what is shown of them."""

from tests.fakes.server import Json
from tests.schema.access.case import JOURNALED, Case, theirs
from tests.schema.world import Who, World

QUEUED = frozenset({"generations", "jobs", "feeds", "feed_entries", "idempotency_keys"})
CREATE = """mutation ($input: CreateGenerationInput!) {
  createGeneration(input: $input) { generation { prompt status } errors { code } } }"""


def wish(who: Who) -> Json:
    """Return the variables of `createGeneration`."""
    return {
        "input": {"generation": {"prompt": f"of {who}", "width": 64, "height": 64}, "idempotencyKey": f"key of {who}"}
    }


def _late(_world: World, who: Who) -> Json:
    return {"generation": None, "errors": [{"code": "CONFLICT" if who.owns else "NOT_FOUND"}]}


CASES = (
    Case(
        "Query",
        "quoteGeneration",
        lambda *_: {"eligible": True, "errors": []},
        lambda *_: {"input": {"prompt": "a person", "width": 64, "height": 64}},
    ),
    Case(
        "Query",
        "quoteGeneration",
        lambda *_: {"eligible": False, "errors": [{"__typename": "InvalidInput"}]},
        lambda *_: {"input": {"prompt": "a person", "width": 63, "height": 64}},
        label="of what cannot be made",
    ),
    Case(
        "Mutation",
        "createGeneration",
        lambda _, who: {"generation": {"prompt": f"of {who}", "status": "QUEUED"}, "errors": []},
        lambda _, who: wish(who),
        changes=QUEUED,
    ),
    Case(
        "Mutation",
        "createGeneration",
        lambda *_: {"generation": None, "errors": [{"__typename": "IdempotencyError"}]},
        lambda _, who: {"input": {**wish(who)["input"], "idempotencyKey": ""}},
        label="without a key",
    ),
    Case("Mutation", "cancelGeneration", _late, lambda world, _: {"input": {"id": world.generation}}),
    Case(
        "Mutation",
        "retryGeneration",
        _late,
        lambda world, _: {"input": {"id": world.generation, "idempotencyKey": "again"}},
    ),
    Case(
        "Mutation",
        "setGenerationVisibility",
        theirs({"generation": {"visibility": "PUBLIC"}}, "NOT_FOUND", "id"),
        lambda world, _: {"input": {"id": world.generation, "visibility": "PUBLIC"}},
        owner_changes=frozenset({"generations", "gallery_items"}),
    ),
    Case(
        "Mutation",
        "deleteGenerations",
        lambda world, who: theirs({"deletedIds": [world.generation]}, "NOT_FOUND", "ids")(world, who),
        lambda world, _: {"input": {"ids": [world.generation], "idempotencyKey": "gone"}},
        owner_changes=QUEUED | JOURNALED | {"generated_images", "generation_references", "pictures", "training_items"},
    ),
)
