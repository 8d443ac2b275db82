"""What staff see and do."""

from tests.fakes.server import Json
from tests.schema.access.case import AUDITED, MAILED, Case, refused
from tests.schema.world import Who, World

PURPOSES = {
    Who.SUPPORT: "ACCOUNT_MANAGEMENT",
    Who.PRIVACY_OFFICER: "LEGAL_COMPLIANCE",
    Who.MODERATOR: "FRAUD_PREVENTION",
    Who.ADMIN: "ACCOUNT_MANAGEMENT",
}


def _purpose(who: Who) -> str:
    return PURPOSES.get(who, "ACCOUNT_MANAGEMENT")


def _person(world: World, _who: Who) -> Json:
    owner = {"id": world.users[Who.OWNER], "email": "owner@example.com", "displayName": "Owner", "status": "ACTIVE"}
    return {"nodes": [owner]}


CASES = (
    Case(
        "Query",
        "users",
        _person,
        lambda _, who: {"purpose": _purpose(who), "first": 20, "search": "owner@example.com"},
        changes=frozenset({"audit_entries"}),
        leaves_a_trace=True,
        shows_the_owner=True,
    ),
    Case(
        "Query",
        "auditLog",
        lambda *_: {"nodes": [{"action": "SIGNED_UP", "actor": "PERSON"}]},
        lambda world, who: {
            "purpose": _purpose(who),
            "first": 20,
            "subject": world.users[Who.OWNER],
            "action": "SIGNED_UP",
        },
        changes=frozenset({"audit_entries"}),
        leaves_a_trace=True,
    ),
    Case(
        "Mutation",
        "setUserRole",
        lambda *_: {"user": {"role": "SUPPORT"}, "errors": []},
        lambda world, _: {"input": {"id": world.users[Who.OWNER], "role": "SUPPORT"}},
        changes=AUDITED | {"users"},
        leaves_a_trace=True,
        shows_the_owner=True,
    ),
    Case(
        "Mutation",
        "suspendUser",
        lambda *_: {"user": {"status": "SUSPENDED"}, "errors": []},
        lambda world, who: {"input": {"id": world.users[Who.OWNER], "reason": "a test"}},
        changes=AUDITED | {"users", "sessions", "training_items"},
        leaves_a_trace=True,
        shows_the_owner=True,
    ),
    Case(
        "Mutation",
        "flagMinor",
        lambda *_: {"user": {"status": "FROZEN"}, "errors": []},
        lambda world, who: {
            "input": {"id": world.users[Who.OWNER], "reason": "a test", "idempotencyKey": f"a flag of {who}"}
        },
        changes=AUDITED | MAILED | {"users", "minor_flags", "idempotency_keys", "training_items"},
        leaves_a_trace=True,
        shows_the_owner=True,
    ),
    Case(
        "Mutation",
        "liftMinorFlag",
        lambda *_: refused("CONFLICT", "id"),
        lambda world, _: {"input": {"id": world.users[Who.OWNER], "reason": "a test"}},
    ),
)
