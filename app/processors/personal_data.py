"""What disclosures hold about a person: that something of theirs left, never what."""

from app.core.personal_data import (
    NOT_PERSONAL,
    Activity,
    Category,
    Column,
    Holder,
    Medium,
    OnErasure,
    Retention,
    Store,
    Withheld,
)

_WHY = (Activity.LEGAL_COMPLIANCE,)
"""Art. 5(2) and Art. 15(1)(c) GDPR: to be able to say who got what."""
_STAYS = Column(Category.ACTIVITY, _WHY, Retention.RECORD, on_erasure=OnErasure.DETACH)
_GOES = Column(Category.ACTIVITY, _WHY)
"""The object is gone with the person: its id would only tie what stays to what a backup may still hold."""

HOLDERS = (
    Holder(
        "disclosures",
        "subject_id -> subject_aliases.user_id",
        {
            "id": NOT_PERSONAL,
            "subject_id": _STAYS,
            "processor": _STAYS,
            "activity": _STAYS,
            "categories": _STAYS,
            "object_type": _STAYS,
            "object_id": _GOES,
            "created_at": _STAYS,
            "outcome": _STAYS,
            "outcome_at": _STAYS,
            "refusal": _STAYS,
            "deletion": _STAYS,
            "deletion_at": _STAYS,
        },
    ),
)

STORES = (
    Store(
        "storage and hosting",
        Medium.PROCESSOR,
        ("PICTURE", "ALL"),
        "as in our own stores, which are on their machines",
        "What the other entries list, where pictures or whole machines are with somebody else.",
        Column(
            Category.CONTENT,
            (Activity.IMAGE_GENERATION, Activity.ACCOUNT_MANAGEMENT),
            Retention.PROCESSOR,
            withheld=Withheld.COPY,
            on_erasure=OnErasure.DELETE,
        ),
    ),
)
