"""Support: whoever writes, and whoever answers."""

from tests.fakes.server import Json
from tests.schema.access.case import AUDITED, MAILED, Case, theirs
from tests.schema.access.staff import PURPOSES
from tests.schema.world import Who, World

WRITTEN = MAILED | {"support_threads", "support_messages"}
KEYED = WRITTEN | {"idempotency_keys"}

HANDLING = (Who.SUPPORT, Who.ADMIN)
"""Who names ACCOUNT_MANAGEMENT; privacy officers name LEGAL_COMPLIANCE, and see privacy requests."""


def _message(_world: World, who: Who) -> Json:
    email = {"email": f"{who.name.lower()}@example.org"} if who is Who.NOBODY else {}
    return {"input": {"topic": "OTHER", "message": "Hello", "idempotencyKey": f"as {who}", **email}}


CASES = (
    Case(
        "Mutation",
        "contactSupport",
        lambda _, who: {"received": True, "thread": None if who is Who.NOBODY else {"topic": "OTHER"}, "errors": []},
        _message,
        changes=WRITTEN,
        further_changes={who: frozenset({"idempotency_keys"}) for who in Who if who is not Who.NOBODY},
    ),
    Case(
        "Mutation",
        "replyToSupportThread",
        lambda world, who: theirs({"thread": {"id": world.owner.thread, "state": "OPEN"}}, "NOT_FOUND", "id")(
            world, who
        ),
        lambda world, _: {"input": {"id": world.owner.thread, "message": "And now?", "idempotencyKey": "reply"}},
        owner_changes=KEYED,
    ),
    Case(
        "Query",
        "supportThreads",
        lambda world, who: {
            "nodes": [{"id": world.owner.thread, "address": "owner@example.com"}] if who in HANDLING else []
        },
        lambda _, who: {"purpose": PURPOSES.get(who, "ACCOUNT_MANAGEMENT"), "first": 20, "topic": "PROBLEM"},
        further_changes=dict.fromkeys(HANDLING, frozenset({"audit_entries"})),
        leaves_a_trace=True,
        shows_the_owner=True,
    ),
    Case(
        "Mutation",
        "answerSupportThread",
        lambda *_: {"answered": True, "errors": []},
        lambda world, _: {"input": {"id": world.owner.thread, "message": "There.", "idempotencyKey": "answer"}},
        changes=KEYED | {"audit_entries"},
        leaves_a_trace=True,
    ),
    Case(
        "Mutation",
        "classifySupportThread",
        lambda *_: {"classified": True, "errors": []},
        lambda world, _: {"input": {"id": world.owner.thread, "topic": "PRIVACY_REQUEST", "right": "OPT_OUT_OF_SALE"}},
        changes=MAILED | AUDITED | {"support_threads", "privacy_request_details"},
        leaves_a_trace=True,
    ),
    Case(
        "Mutation",
        "closeSupportThread",
        lambda *_: {"closed": True, "errors": []},
        lambda world, _: {"input": {"id": world.owner.thread}},
        changes=frozenset({"support_threads", "audit_entries"}),
        leaves_a_trace=True,
    ),
)
