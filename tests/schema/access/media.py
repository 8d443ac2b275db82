"""Uploads and reference pictures."""

from tests.schema.access.case import JOURNALED, Case, theirs
from tests.schema.world import Who, World

KEPT = frozenset({"pictures", "reference_images", "jobs", "idempotency_keys"})


def _face(_world: World, who: Who) -> object:
    kind = "ConsentRequired" if who.owns else "NotFound"
    return {"referenceImage": None, "errors": [{"__typename": kind}]}


CASES = (
    Case(
        "Mutation",
        "createUpload",
        lambda *_: {"upload": {"method": "PUT", "maxBytes": 100}, "errors": []},
        lambda _, who: {"input": {"contentType": "image/png", "byteSize": 100, "idempotencyKey": f"upload of {who}"}},
        changes=frozenset({"uploads", "idempotency_keys"}),
    ),
    Case(
        "Mutation",
        "addReferenceImage",
        theirs({"referenceImage": {"hasFace": False}}, "NOT_FOUND", "uploadId"),
        lambda world, _: {"input": {"uploadId": world.owner.upload, "idempotencyKey": "add"}},
        owner_changes=KEPT | {"uploads"},
    ),
    Case(
        "Mutation",
        "addReferenceImage",
        _face,
        lambda world, _: {"input": {"uploadId": world.owner.face, "idempotencyKey": "face"}},
        label="of a face",
    ),
    Case(
        "Mutation",
        "deleteReferenceImage",
        lambda world, who: theirs({"deletedId": world.owner.reference}, "NOT_FOUND", "id")(world, who),
        lambda world, _: {"input": {"id": world.owner.reference, "idempotencyKey": "gone"}},
        owner_changes=KEPT | JOURNALED | {"generation_references"},
    ),
)
