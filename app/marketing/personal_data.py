"""What marketing holds about a person."""

from dataclasses import replace

from app.core.personal_data import NOT_PERSONAL, Activity, Category, Column, Holder, Retention, Withheld

_SUBSCRIBER = Column(Category.CONTACT, (Activity.MARKETING,))
_RECIPIENT = Column(Category.CONTACT, (Activity.MARKETING,), Retention.WEEK)
_REACHED = replace(_SUBSCRIBER, withheld=Withheld.NUMBER)
"""Whom the way through all people has reached: of the next one a moment later, and at its end of nobody."""

HOLDERS = (
    Holder(
        "campaigns",
        "position_id",
        {
            **dict.fromkeys(
                ("id", "subject", "text", "state", "recipients", "created_at", "finished_at"), NOT_PERSONAL
            ),
            "position_id": _REACHED,
        },
    ),
    Holder(
        "campaign_recipients",
        "person_id",
        {
            "id": NOT_PERSONAL,
            **dict.fromkeys(("campaign_id", "person_id"), _RECIPIENT),
            "mail_id": replace(_RECIPIENT, withheld=Withheld.NUMBER),
        },
    ),
    Holder(
        "subscribers",
        "person_id",
        {
            "id": replace(_SUBSCRIBER, withheld=Withheld.NUMBER),
            **dict.fromkeys(("person_id", "undeliverable", "created_at"), _SUBSCRIBER),
        },
    ),
)
