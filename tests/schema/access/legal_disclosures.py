"""What the law made us hand over: recorded by staff, and nothing of what is barred reaches the person."""

from datetime import UTC, datetime, timedelta

from tests.fakes.server import Json
from tests.schema.access.case import AUDITED, MAILED, Case
from tests.schema.world import Who, World


def _handover(world: World, who: Who) -> Json:
    return {
        "subject": world.users[Who.OWNER],
        "recipient": "A court",
        "ground": "COURT_ORDER",
        "basis": "An order",
        "scope": "The address",
        "categories": ["CONTACT"],
        "disclosedOn": "2026-01-02",
        "idempotencyKey": f"as {who}",
    }


def _barred(world: World, who: Who) -> Json:
    until = (datetime.now(UTC) + timedelta(days=90)).isoformat()
    return {**_handover(world, who), "bar": {"until": until, "reason": "The order"}}


KEPT = frozenset({"legal_disclosures", "idempotency_keys"})

CASES = (
    Case(
        "Mutation",
        "recordLegalDisclosure",
        lambda *_: {"disclosure": {"recipient": "A court", "barredUntil": None}, "errors": []},
        lambda world, who: {"input": _handover(world, who)},
        changes=KEPT | AUDITED | MAILED,
        leaves_a_trace=True,
    ),
    Case(
        "Mutation",
        "recordLegalDisclosure",
        lambda *_: {"disclosure": {"recipient": "A court", "barReason": "The order"}, "errors": []},
        lambda world, who: {"input": _barred(world, who)},
        changes=frozenset({"barred_disclosures", "idempotency_keys", "audit_entries"}),
        label="barred",
    ),
)
