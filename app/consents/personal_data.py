"""What consents hold about a person, under the alias that leads to nobody after erasure."""

from app.core.personal_data import NOT_PERSONAL, Activity, Category, Column, Holder, OnErasure, Retention

_STAYS = Column(Category.ACTIVITY, (Activity.LEGAL_COMPLIANCE,), Retention.RECORD, on_erasure=OnErasure.DETACH)
"""Whoever processes on consent has to be able to show it (Art. 7(1) GDPR)."""
_CONSENT = ("principal_id", "purpose", "granted", "decided_at", "policy_version", "notice_sha256", "method", "receipt")
_OBJECTION = ("principal_id", "activity", "objected", "decided_at")
_RESTRICTION = ("principal_id", "restricted", "decided_at")
_SUBJECT = "principal_id -> subject_aliases.user_id"

HOLDERS = (
    Holder(
        "consent_records",
        _SUBJECT,
        {"id": NOT_PERSONAL, "sequence": NOT_PERSONAL, **dict.fromkeys(_CONSENT, _STAYS)},
    ),
    Holder(
        "objection_records",
        _SUBJECT,
        {"id": NOT_PERSONAL, "sequence": NOT_PERSONAL, **dict.fromkeys(_OBJECTION, _STAYS)},
    ),
    Holder(
        "restriction_records",
        _SUBJECT,
        {"id": NOT_PERSONAL, "sequence": NOT_PERSONAL, **dict.fromkeys(_RESTRICTION, _STAYS)},
    ),
)
