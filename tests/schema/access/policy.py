"""The policy and the terms, and what people are told of them."""

from tests.fakes.people import POLICY_VERSION, TERMS_VERSION
from tests.schema.access.case import AUDITED, Case, given, theirs
from tests.schema.belongings import NEWER_TERMS, NEXT_POLICY

CASES = (
    Case(
        "Query",
        "policy",
        lambda *_: {"version": POLICY_VERSION, "kind": "PRIVACY", "summary": ""},
        lambda *_: {"kind": "PRIVACY"},
    ),
    Case(
        "Query",
        "policies",
        lambda *_: {"nodes": [{"version": NEWER_TERMS}, {"version": TERMS_VERSION}]},
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
        lambda *_: {"policy": {"version": NEXT_POLICY, "summary": "Nothing changes."}, "errors": []},
        given(
            kind="PRIVACY",
            version=NEXT_POLICY,
            effectiveAt=f"{NEXT_POLICY}T00:00:00Z",
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
