"""Consents, objections and receipts."""

from app.core.consent_purposes import ConsentPurpose
from tests.fakes.people import POLICY_VERSION
from tests.schema.access.case import AUDITED, JOURNALED, Case

KEPT = AUDITED | JOURNALED | {"idempotency_keys"}

CASES = (
    Case(
        "Mutation",
        "setConsents",
        lambda *_: {"consents": [{"purpose": purpose.value} for purpose in ConsentPurpose], "errors": []},
        lambda _, who: {
            "input": {
                "decisions": [{"purpose": "MARKETING_EMAIL", "granted": True}],
                "policyVersion": POLICY_VERSION,
                "idempotencyKey": f"consents of {who}",
            }
        },
        changes=KEPT | {"consent_records"},
    ),
    Case(
        "Mutation",
        "setObjections",
        lambda *_: {"objections": [{"activity": "ANALYTICS"}, {"activity": "MODEL_TRAINING"}], "errors": []},
        lambda _, who: {
            "input": {
                "objections": [{"activity": "ANALYTICS", "objected": True}],
                "idempotencyKey": f"objections of {who}",
            }
        },
        changes=KEPT | {"objection_records"},
    ),
    Case(
        "Query",
        "verifyReceipt",
        lambda *_: {"valid": False},
        lambda *_: {"receipt": "a.b.c"},
    ),
)
