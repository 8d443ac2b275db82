"""How long threads of support last."""

from datetime import timedelta

from app.core.personal_data import Retention
from app.core.sweeps import Sweep

SWEEPS = (
    Sweep(
        Retention.SUPPORT,
        "support_threads",
        "r.last_message_at",
        timedelta(days=365),
        takes=("support_messages",),
        kept_for="r.person_id",
    ),
)
