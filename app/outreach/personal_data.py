"""What outreach holds about a person."""

from app.core.personal_data import NOT_PERSONAL, Activity, Category, Column, Holder

_NOTICE = Column(Category.ACTIVITY, (Activity.LEGAL_COMPLIANCE,))

HOLDERS = (
    Holder(
        "announcements",
        None,
        dict.fromkeys(("id", "document_version_id", "position", "created_at", "finished_at"), NOT_PERSONAL),
    ),
    Holder(
        "notices",
        "person_id",
        {
            "id": NOT_PERSONAL,
            **dict.fromkeys(("person_id", "announcement_id", "created_at", "dismissed_at"), _NOTICE),
        },
    ),
)
