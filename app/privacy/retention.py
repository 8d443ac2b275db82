"""How long what was said in a request lasts, and how long that it was answered is on record."""

from collections.abc import Sequence
from datetime import timedelta

from app.core.db import Row
from app.core.personal_data import Retention
from app.core.sweeps import RECORDS_LAST, Sweep, SweepPorts
from app.privacy.archives import delete_bytes

ANSWERED_FOR = timedelta(days=30)
"""How long whoever asked can read what was said."""


async def _delete_archives(ports: SweepPorts, archives: Sequence[Row]) -> None:
    await delete_bytes(ports.store, archives)


SWEEPS = (
    Sweep(Retention.WEEK, "privacy_archives", "r.expires_at", outside=_delete_archives),
    Sweep(
        Retention.ANSWER,
        "privacy_request_details",
        "(SELECT q.finished_at FROM privacy_requests q WHERE q.id = r.request_id)",
        ANSWERED_FOR,
    ),
    Sweep(Retention.RECORD, "privacy_requests", "r.finished_at", RECORDS_LAST, takes=("privacy_request_steps",)),
)
