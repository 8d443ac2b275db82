"""What core's own tables hold about a person."""

from app.core.personal_data import NOT_PERSONAL, Activity, Category, Column, Holder, Retention

_FEED = Column(Category.ACTIVITY, (Activity.IMAGE_GENERATION,), Retention.OBJECT)
_KEY = Column(
    Category.ACTIVITY, (Activity.ACCOUNT_MANAGEMENT, Activity.IMAGE_GENERATION), Retention.DAY, exported=False
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
