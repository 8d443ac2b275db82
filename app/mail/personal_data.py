"""What mail holds about a person: what we wrote to them, for as long as it may bounce, and who carries it."""

from app.core.personal_data import (
    NOT_PERSONAL,
    Activity,
    Category,
    Column,
    Holder,
    Keep,
    Medium,
    OnErasure,
    Retention,
    Store,
    Withheld,
)

_ACTIVITIES = (Activity.ACCOUNT_MANAGEMENT, Activity.LEGAL_COMPLIANCE, Activity.MARKETING)
_MAIL = Column(Category.CONTACT, _ACTIVITIES, Retention.WEEK)

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

STORES = (
    Store(
        "mailbox of development",
        Medium.FOLDER,
        ("mail/",),
        "the address in the letter",
        "Letters, instead of a mail server. Production does not start without one.",
        Column(Category.CONTACT, _ACTIVITIES, Retention.MAILBOX, withheld=Withheld.COPY),
    ),
    Store(
        "carriers of mail",
        Medium.PROCESSOR,
        ("ADDRESS",),
        "the address",
        "The address and the letter, until it is delivered.",
        Column(
            Category.CONTACT,
            _ACTIVITIES,
            Retention.PROCESSOR,
            withheld=Withheld.ELSEWHERE,
            on_erasure=OnErasure.KEEP,
            keep=Keep(
                "A letter that was delivered is in its receiver's mailbox, where nobody but they can delete it.",
                "its receiver deletes it",
            ),
        ),
    ),
)
