"""Privacy requests: whoever asks, and whoever decides."""

from tests.fakes.server import Json
from tests.schema.access.case import AUDITED, MAILED, Case, given, refused, theirs
from tests.schema.world import Who, World

ASKED = MAILED | {"privacy_requests", "privacy_request_details"}
REQUESTED = AUDITED | ASKED | {"feeds", "feed_entries"}
VERIFIED = {"right": "LIMIT_SENSITIVE", "status": "VERIFIED"}


def _asked(_world: World, who: Who) -> Json:
    """Return what is asked: something else than what is open already."""
    given = {"address": "nobody@example.org"} if who is Who.NOBODY else {}
    return {"input": {"right": "LIMIT_SENSITIVE", "idempotencyKey": "as asked", **given}}


def _decision(world: World, who: Who) -> Json:
    return {"id": world.owner.request, "idempotencyKey": f"a decision of {who}"}


CASES = (
    Case(
        "Query",
        "privacyRequests",
        lambda world, _: {
            "nodes": [{"id": world.owner.request, "address": "owner@example.com"}, {"id": world.other.request}]
        },
        lambda *_: {"first": 20, "status": "VERIFIED", "overdue": False},
        changes=frozenset({"audit_entries"}),
        leaves_a_trace=True,
        shows_the_owner=True,
    ),
    Case(
        "Mutation",
        "extendPrivacyRequest",
        lambda *_: refused("CONFLICT", "id"),  # it was extended before
        lambda world, who: {"input": {**_decision(world, who), "reason": "a test"}},
    ),
    Case(
        "Mutation",
        "denyPrivacyRequest",
        lambda *_: {"request": {"status": "DENIED", "denial": {"code": "UNFOUNDED"}}, "errors": []},
        lambda world, who: {"input": {**_decision(world, who), "code": "UNFOUNDED", "reason": "a test"}},
        changes=REQUESTED | {"idempotency_keys"},
        leaves_a_trace=True,
        shows_the_owner=True,
    ),
    Case(
        "Mutation",
        "retryPrivacyRequest",
        lambda world, _: {"request": {"id": world.owner.request}, "errors": []},
        lambda world, who: {"input": _decision(world, who)},
        changes=AUDITED | {"jobs", "privacy_requests", "idempotency_keys"},
        leaves_a_trace=True,
        shows_the_owner=True,
    ),
    Case(
        "Mutation",
        "submitPrivacyRequest",
        lambda _, who: {"received": True, "request": None if who is Who.NOBODY else VERIFIED, "errors": []},
        _asked,
        changes=ASKED,
        further_changes={who: REQUESTED | {"idempotency_keys"} for who in Who if who is not Who.NOBODY},
    ),
    Case(
        "Mutation",
        "verifyPrivacyRequest",
        lambda *_: {"verified": False, "statusToken": None, **refused("NOT_FOUND", "token")},
        given(token="never ours"),
    ),
    Case(
        "Mutation",
        "submitPrivacyRequestFor",
        lambda *_: {"request": {"channel": "STAFF", "status": "AWAITING_VERIFICATION"}, "errors": []},
        given(
            address="stranger@example.org",
            right="OPT_OUT_OF_SALE",
            evidence="A letter on paper, of 3 May.",
            verified=False,
            idempotencyKey="on behalf",
        ),
        changes=ASKED | {"idempotency_keys"},
    ),
    Case(
        "Mutation",
        "cancelPrivacyRequest",
        lambda world, who: theirs({"request": {"id": world.owner.request, "status": "CANCELED"}}, "NOT_FOUND", "id")(
            world, who
        ),
        lambda world, _: {"input": {"id": world.owner.request}},
        owner_changes=(AUDITED | MAILED | {"privacy_requests", "feeds", "feed_entries"}),
    ),
)
