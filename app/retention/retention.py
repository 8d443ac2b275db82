"""How long reports of sweeps last."""

from datetime import timedelta

from app.core.personal_data import Retention
from app.core.sweeps import Sweep

REPORTS_LAST = timedelta(days=90)

SWEEPS = (Sweep(Retention.NOT_PERSONAL, "retention_runs", "r.started_at", REPORTS_LAST, takes=("retention_counts",)),)
