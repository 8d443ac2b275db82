"""What publications and acceptances hold about a person."""

from app.core.personal_data import NOT_PERSONAL, Activity, Category, Column, Holder, OnErasure

_STAYS = Column(Category.ACTIVITY, (Activity.LEGAL_COMPLIANCE,), on_erasure=OnErasure.DETACH)

HOLDERS = (
    Holder(
        "document_versions",
        "published_by_id -> subject_aliases.user_id",
        {
            **dict.fromkeys(
                (
                    "id",
                    "kind",
                    "version",
                    "sha256",
                    "published_at",
                    "effective_at",
                    "material",
                    "summary",
                    "asks_again",
                ),
                NOT_PERSONAL,
            ),
            "published_by_id": _STAYS,
        },
    ),
    Holder(
        "acceptances",
        "subject_id -> subject_aliases.user_id",
        {
            "id": NOT_PERSONAL,
            **dict.fromkeys(("subject_id", "kind", "version", "sha256", "accepted_at"), _STAYS),
        },
    ),
)
