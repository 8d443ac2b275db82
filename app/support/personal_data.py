"""What support holds about a person: what they wrote to us and what we answered."""

from dataclasses import replace

from app.core.personal_data import NOT_PERSONAL, Activity, Category, Column, Holder, Retention, Withheld

_WRITTEN = Column(Category.CONTACT, (Activity.ACCOUNT_MANAGEMENT, Activity.LEGAL_COMPLIANCE), Retention.SUPPORT)
_HASH = replace(_WRITTEN, withheld=Withheld.NUMBER)

HOLDERS = (
    Holder(
        "support_threads",
        "person_id",
        {
            "id": NOT_PERSONAL,
            **dict.fromkeys(("person_id", "address", "topic", "privacy_right", "state", "subject"), _WRITTEN),
            **dict.fromkeys(("created_at", "last_message_at"), _WRITTEN),
        },
    ),
    Holder(
        "support_messages",
        "thread_id -> support_threads.person_id",
        {
            "id": NOT_PERSONAL,
            **dict.fromkeys(("thread_id", "author", "text", "created_at", "message_id"), _WRITTEN),
            "source": _HASH,
        },
    ),
)
"""A thread of nobody's account is found by its address: `app.support.service.forget`."""
