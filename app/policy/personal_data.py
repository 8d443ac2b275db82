"""What publications and acceptances hold about a person."""

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

_STAYS = Column(Category.ACTIVITY, (Activity.LEGAL_COMPLIANCE,), Retention.RECORD, on_erasure=OnErasure.DETACH)

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

STORES = (
    Store(
        "cookies of choice",
        Medium.BROWSER,
        ("choice", "theme", "visited"),
        "whose browser it is; nothing in them is different for each person",
        "What was chosen about cookies; after a yes also light or dark pages, and the day of the last visit.",
        Column(
            Category.ACTIVITY,
            (Activity.LEGAL_COMPLIANCE, Activity.PREFERENCE_COOKIES, Activity.ANALYTICS_COOKIES),
            Retention.CHOICE,
            withheld=Withheld.ELSEWHERE,
            on_erasure=OnErasure.EXPIRES,
        ),
    ),
)
