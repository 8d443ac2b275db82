"""What data sets hold about a person: under the alias that leads to nobody after erasure."""

from app.core.personal_data import NOT_PERSONAL, Activity, Category, Column, Holder, OnErasure, Retention, Withheld

_PICTURE = Column(
    Category.CONTENT,
    (Activity.MODEL_TRAINING, Activity.PRIVATE_TRAINING),
    Retention.RECORD,
    on_erasure=OnErasure.DETACH,
)
"""Which picture it was. After erasure there is none of that id."""
_STAYS = Column(Category.ACTIVITY, (Activity.LEGAL_COMPLIANCE,), Retention.RECORD, on_erasure=OnErasure.DETACH)
"""Whoever trains has to be able to show on what, and why it was allowed (Art. 5(2) GDPR)."""
_NUMBER = Column(
    Category.ACTIVITY,
    (Activity.LEGAL_COMPLIANCE,),
    Retention.RECORD,
    withheld=Withheld.NUMBER,
    on_erasure=OnErasure.DETACH,
)
_SET = ("id", "name", "started_at", "position", "sealed_at", "items", "sha256", "signature")
_DECISION = ("subject_id", "visibility", "basis", "policy_version", "consent_id", "decided_at")

HOLDERS = (
    Holder("training_sets", None, dict.fromkeys(_SET, NOT_PERSONAL)),
    Holder(
        "training_items",
        "subject_id -> subject_aliases.user_id",
        {
            "id": NOT_PERSONAL,
            "set_id": _STAYS,
            **dict.fromkeys(("picture_id", "byte_size"), _PICTURE),
            **dict.fromkeys(_DECISION, _STAYS),
            **dict.fromkeys(("sha256", "mac"), _NUMBER),
            **dict.fromkeys(("excluded_at", "excluded_because"), _STAYS),
        },
    ),
)
