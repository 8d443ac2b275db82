"""What legal disclosures hold about a person: that something was handed over, and in words what and to whom."""

from dataclasses import replace

from app.core.personal_data import (
    NOT_PERSONAL,
    Activity,
    Category,
    Column,
    Holder,
    OnErasure,
    Retention,
    Withheld,
)

_WHY = (Activity.LEGAL_COMPLIANCE,)
"""Art. 5(2) and Art. 15(1)(c) GDPR: to be able to say who got what."""
_STAYS = Column(Category.ACTIVITY, _WHY, Retention.RECORD, on_erasure=OnErasure.DETACH)
_WORDS = Column(Category.ACTIVITY, _WHY)
"""They end with the account: `LegalDisclosure` without them is who nobody can find any more."""
_SAID = ("subject_id", "recorded_by_id", "ground", "categories", "disclosed_on", "recorded_at", "barred_until")

HOLDERS = (
    Holder(
        "legal_disclosures",
        "subject_id -> subject_aliases.user_id",
        {"id": NOT_PERSONAL, **dict.fromkeys((*_SAID, "shown_from"), _STAYS), "content": _WORDS},
    ),
    Holder(
        "barred_disclosures",
        "subject_id -> subject_aliases.user_id",
        {
            "id": NOT_PERSONAL,
            **dict.fromkeys(_SAID, replace(_STAYS, withheld=Withheld.BARRED)),
            "content": replace(_WORDS, withheld=Withheld.BARRED),
        },
    ),
)
