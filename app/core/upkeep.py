"""How long core's own rows last."""

from datetime import timedelta

from app.core import erased_keys
from app.core.erased_keys import KEYS_LAST
from app.core.idempotency import LIFETIME
from app.core.personal_data import Retention
from app.core.sweeps import Sweep

KEEP_FINISHED_JOBS = timedelta(days=7)

SWEEPS = (
    Sweep(Retention.NOT_PERSONAL, "jobs", "r.finished_at", KEEP_FINISHED_JOBS),
    Sweep(Retention.DAY, "idempotency_keys", "r.created_at", LIFETIME),
    Sweep(
        Retention.DAY,
        "erased_keys",
        "r.erased_at",
        KEYS_LAST,
        columns="r.medium, r.key",
        outside=erased_keys.delete_late,
    ),
)
