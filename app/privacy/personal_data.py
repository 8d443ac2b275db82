"""What requests hold about a person: under the alias that leads to nobody after erasure, and what they said beside."""

from dataclasses import replace

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
"""That a request was answered in time has to be shown (Art. 5(2) and 12(3) GDPR)."""
_NUMBER = replace(_STAYS, withheld=Withheld.NUMBER)
_SAID = Column(Category.CONTACT, (Activity.LEGAL_COMPLIANCE,), Retention.ANSWER)
_ARCHIVE = Column(Category.ACTIVITY, (Activity.LEGAL_COMPLIANCE,), Retention.WEEK)

HOLDERS = (
    Holder(
        "privacy_requests",
        "subject_id -> subject_aliases.user_id",
        {
            "id": NOT_PERSONAL,
            **dict.fromkeys(("subject_id", "submitted_by_id", "privacy_right", "regime", "channel", "status"), _STAYS),
            **dict.fromkeys(("received_at", "legal_due_at", "verified_at", "due_at", "extended_at"), _STAYS),
            **dict.fromkeys(
                ("extended_until", "starts_at", "finished_at", "denial", "receipt", "confirmed_at"), _STAYS
            ),
            **dict.fromkeys(("reminded", "job_id"), _NUMBER),
        },
    ),
    Holder(
        "privacy_request_details",
        "request_id -> privacy_requests.subject_id -> subject_aliases.user_id",
        {
            "id": NOT_PERSONAL,
            **dict.fromkeys(
                ("request_id", "address", "content", "denial", "extension", "link_mailed_at", "archive_link"), _SAID
            ),
        },
    ),
    Holder(
        "privacy_request_steps",
        "request_id -> privacy_requests.subject_id -> subject_aliases.user_id",
        {
            "id": NOT_PERSONAL,
            **dict.fromkeys(("request_id", "position", "holder", "action", "status", "count", "note"), _STAYS),
            **dict.fromkeys(("awaiting_until", "started_at", "finished_at"), _STAYS),
        },
    ),
    Holder(
        "privacy_archives",
        "person_id",
        {
            "id": NOT_PERSONAL,
            **dict.fromkeys(("request_id", "person_id", "byte_size", "created_at", "expires_at"), _ARCHIVE),
            **dict.fromkeys(("parts", "place", "sha256"), replace(_ARCHIVE, withheld=Withheld.NUMBER)),
        },
    ),
)

STORES = (
    Store(
        "archives of exports",
        Medium.OBJECT_STORE,
        ("exports/",),
        "the archive's id, which begins with the key -> privacy_archives.person_id",
        "What a person asked for a copy of: what the other entries list, as one ZIP, and parts of it while it is made.",
        Column(Category.CONTENT, (Activity.LEGAL_COMPLIANCE,), Retention.WEEK, withheld=Withheld.COPY),
    ),
)
