"""What mail holds about a person: what we wrote to them, for as long as it may bounce."""

from app.core.personal_data import NOT_PERSONAL, Activity, Category, Column, Holder, Retention

_MAIL = Column(Category.IDENTITY, (Activity.ACCOUNT_MANAGEMENT,), Retention.WEEK)

HOLDERS = (
    Holder(
        "mails",
        "person_id",
        {
            "id": NOT_PERSONAL,
            "person_id": _MAIL,
            "address": _MAIL,
            "kind": _MAIL,
            "values": _MAIL,
            "ticket": _MAIL,
            "state": _MAIL,
            "reply_code": _MAIL,
            "created_at": _MAIL,
            "ended_at": _MAIL,
        },
    ),
)
