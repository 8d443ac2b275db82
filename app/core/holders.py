"""What core's own tables, and the keys that it has in Valkey, hold about a person."""

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

_FEED = Column(Category.ACTIVITY, (Activity.IMAGE_GENERATION, Activity.LEGAL_COMPLIANCE), Retention.OBJECT)
"""What became of pictures, and that there is a notice."""
_KEY = Column(
    Category.ACTIVITY,
    (Activity.ACCOUNT_MANAGEMENT, Activity.IMAGE_GENERATION),
    Retention.DAY,
    withheld=Withheld.NUMBER,
)
_ERASED = Column(
    Category.ACTIVITY,
    (Activity.LEGAL_COMPLIANCE,),
    Retention.DAY,
    withheld=Withheld.NUMBER,
    on_erasure=OnErasure.DETACH,
)
"""Random names of what is gone already."""
_COUNTED = Column(
    Category.ACTIVITY,
    (Activity.FRAUD_PREVENTION,),
    Retention.HOUR,
    withheld=Withheld.NUMBER,
    on_erasure=OnErasure.EXPIRES,
)
_PASSING = Column(
    Category.CONTENT,
    (Activity.IMAGE_GENERATION,),
    Retention.MOMENT,
    withheld=Withheld.COPY,
    on_erasure=OnErasure.EXPIRES,
)

HOLDERS = (
    Holder(
        "jobs",
        None,
        dict.fromkeys(
            (
                "id",
                "kind",
                "queue",
                "payload",
                "state",
                "attempt",
                "failures",
                "lease_until",
                "run_after",
                "dispatched_at",
                "created_at",
                "finished_at",
                "error",
            ),
            NOT_PERSONAL,
        ),
    ),
    Holder(
        "erased_keys",
        "subject_id -> subject_aliases.user_id",
        {"id": NOT_PERSONAL, **dict.fromkeys(("subject_id", "medium", "key", "erased_at"), _ERASED)},
    ),
    Holder("feeds", "person_id", {"person_id": _FEED, "sequence": _FEED}),
    Holder(
        "feed_entries",
        "person_id",
        {
            "id": NOT_PERSONAL,
            "person_id": _FEED,
            "sequence": _FEED,
            "object_id": _FEED,
            "type": _FEED,
            "progress": _FEED,
            "at": _FEED,
        },
    ),
    Holder(
        "idempotency_keys",
        "person_id",
        {
            "id": NOT_PERSONAL,
            "person_id": _KEY,
            "operation": _KEY,
            "key": _KEY,
            "input_hash": _KEY,
            "result_id": _KEY,
            "created_at": _KEY,
        },
    ),
)

STORES = (
    Store(
        "budgets and limits",
        Medium.VALKEY,
        ("anypeople:budget:", "anypeople:limit:"),
        "a keyed hash of the person, their truncated network or an address",
        "How much was asked of the service lately, and how often something was tried: a number each. Erasure deletes "
        "what is counted by person or address; what is by network, or by a link, is nobody's by itself, and expires.",
        _COUNTED,
    ),
    Store(
        "signals",
        Medium.VALKEY,
        ("anypeople:signals",),
        "ids of the person and of the object, in the message",
        "That something changed, how far a picture is, and previews of it. A channel: nothing of it is stored.",
        _PASSING,
    ),
    Store(
        "job queue",
        Medium.VALKEY,
        ("anypeople:queue:", "arq:"),
        None,
        "Ids of jobs and numbers of attempts. What a job is about is in its row.",
        NOT_PERSONAL,
    ),
    Store(
        "logs",
        Medium.LOG,
        (),
        None,
        "Names of events, ids of requests and jobs, codes, counts and durations. Canaries in everything personal are "
        "searched for in them and not found.",
        NOT_PERSONAL,
    ),
)
