"""The policy and the terms, and what people are told of them."""

from tests.fakes.people import POLICY_VERSION
from tests.schema.access.case import AUDITED, Case, given, theirs
from tests.schema.belongings import NEWER_TERMS

CASES = (
    Case(
        "Query",
        "policy",
        lambda *_: {"version": POLICY_VERSION, "kind": "PRIVACY", "publishedAt": None},
        lambda *_: {"kind": "PRIVACY"},
    ),
    Case(
        "Query",
        "policies",
        lambda *_: {"nodes": [{"version": NEWER_TERMS}, {"version": POLICY_VERSION}]},
        lambda *_: {"kind": "TERMS", "first": 3},
    ),
    Case(
        "Mutation",
        "acceptPolicy",
        lambda *_: {"acceptance": {"version": NEWER_TERMS, "kind": "TERMS"}, "errors": []},
        given(version=NEWER_TERMS, kind="TERMS"),
        changes=frozenset({"acceptances"}),
    ),
    Case(
        "Mutation",
        "publishPolicy",
        lambda *_: {"policy": {"version": POLICY_VERSION, "summary": "Nothing changes."}, "errors": []},
        given(
            kind="PRIVACY",
            version=POLICY_VERSION,
            material=False,
            summary="Nothing changes.",
            idempotencyKey="publish",
        ),
        changes=AUDITED | {"document_versions", "idempotency_keys"},
    ),
    Case(
        "Mutation",
        "dismissNotice",
        lambda world, who: theirs({"notice": {"id": world.owner.notice}}, "NOT_FOUND", "id")(world, who),
        lambda world, _: {"input": {"id": world.owner.notice}},
        owner_changes=frozenset({"notices"}),
    ),
)
