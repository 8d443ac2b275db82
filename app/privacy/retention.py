"""How long what was said in a request lasts, and how long that it was answered is on record."""

from datetime import timedelta

from app.core.personal_data import Retention
from app.core.sweeps import RECORDS_LAST, Sweep

ANSWERED_FOR = timedelta(days=30)
"""How long whoever asked can read what was said."""

SWEEPS = (
    Sweep(
        Retention.ANSWER,
        "privacy_request_details",
        "(SELECT q.finished_at FROM privacy_requests q WHERE q.id = r.request_id)",
        ANSWERED_FOR,
    ),
    Sweep(Retention.RECORD, "privacy_requests", "r.finished_at", RECORDS_LAST, takes=("privacy_request_steps",)),
)
