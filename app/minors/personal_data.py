"""What flags hold about a person, under the alias that leads to nobody after erasure. Why it was said is in the log."""

from app.core.personal_data import NOT_PERSONAL, Activity, Category, Column, Holder, OnErasure, Retention

_STAYS = Column(Category.ACTIVITY, (Activity.LEGAL_COMPLIANCE,), Retention.RECORD, on_erasure=OnErasure.DETACH)
"""That a child's data was deleted in time has to be shown."""
_SAID = ("subject_id", "flagged_by_id", "state", "previous_status", "flagged_at", "purge_at", "ended_at")

HOLDERS = (
    Holder(
        "minor_flags",
        "subject_id -> subject_aliases.user_id",
        {"id": NOT_PERSONAL, **dict.fromkeys(_SAID, _STAYS)},
    ),
)
