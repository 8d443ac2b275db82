"""What the audit log holds about a person."""

from dataclasses import replace

from app.core.personal_data import NOT_PERSONAL, Activity, Category, Column, Holder, OnErasure, Retention, Withheld

_WHY = (Activity.FRAUD_PREVENTION, Activity.LEGAL_COMPLIANCE)
_STAYS = Column(Category.ACTIVITY, _WHY, Retention.RECORD, on_erasure=OnErasure.DETACH)
_SEALED = replace(_STAYS, withheld=Withheld.NUMBER)
_GOES = Column(Category.ACTIVITY, _WHY)

HOLDERS = (
    Holder("subject_aliases", "user_id", {"id": _STAYS, "user_id": _GOES, "ended_at": _SEALED}),
    Holder(
        "audit_entries",
        "subject_id -> subject_aliases.user_id",
        {
            "id": NOT_PERSONAL,
            "at": _STAYS,
            "action": _STAYS,
            "subject_id": _STAYS,
            "actor_id": _STAYS,
            "purpose": _STAYS,
            "commitment": _STAYS,
        },
    ),
    Holder(
        "audit_seals",
        "entry_id -> audit_entries.subject_id -> subject_aliases.user_id",
        {"position": NOT_PERSONAL, "entry_id": _SEALED, "hash": _SEALED},
    ),
    Holder("audit_tips", None, dict.fromkeys(("id", "position", "hash", "latest_at", "signature"), NOT_PERSONAL)),
    Holder(
        "audit_details",
        "entry_id -> audit_entries.subject_id -> subject_aliases.user_id",
        {"id": NOT_PERSONAL, "entry_id": _GOES, "salt": _GOES, "content": _GOES},
    ),
)
