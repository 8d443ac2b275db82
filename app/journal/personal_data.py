"""What the journal holds about a person: random ids, for as long as a backup may know less."""

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

_KEPT = Column(
    Category.ACTIVITY,
    (Activity.LEGAL_COMPLIANCE,),
    Retention.BACKUP,
    withheld=Withheld.COPY,
    on_erasure=OnErasure.KEEP,
    keep=Keep(
        "A backup of before would bring back whoever was erased, and undo what people decided: without their random id "
        "nobody could know whom it must not bring back (Art. 17(3)(b) GDPR).",
        "the last backup of before is gone (35 days, unless the operator keeps backups for another time)",
    ),
)
"""It is a copy: the decision itself is on record with the person."""

HOLDERS = (
    Holder(
        "journal_entries",
        "person_id",
        {
            "id": NOT_PERSONAL,
            "sequence": NOT_PERSONAL,
            "decision": NOT_PERSONAL,
            "person_id": _KEPT,
            "object": _KEPT,
            "detail": _KEPT,
            "at": NOT_PERSONAL,
            "written_at": NOT_PERSONAL,
            "until": NOT_PERSONAL,
        },
    ),
    Holder("journal_tip", None, {"id": NOT_PERSONAL, "sequence": NOT_PERSONAL}),
)

STORES = (
    Store(
        "decision journal",
        Medium.OBJECT_STORE,
        ("journal/",),
        "the random id that the account had",
        "Decisions about one's data, signed: erasures, deletions of single things, consents, objections and "
        "restrictions, each with a random id and a time, so that a restored backup undoes none of them.",
        _KEPT,
    ),
)
