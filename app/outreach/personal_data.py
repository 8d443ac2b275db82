"""What outreach holds about a person."""

from dataclasses import replace

from app.core.personal_data import NOT_PERSONAL, Activity, Category, Column, Holder, Withheld

_NOTICE = Column(Category.ACTIVITY, (Activity.LEGAL_COMPLIANCE,))

_REACHED = replace(_NOTICE, withheld=Withheld.NUMBER)
"""Whom the way through all people has reached: of the next one a moment later, and at its end of nobody."""

HOLDERS = (
    Holder(
        "announcements",
        "position_id",
        {
            **dict.fromkeys(("id", "document_version_id", "created_at", "finished_at"), NOT_PERSONAL),
            "position_id": _REACHED,
        },
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
