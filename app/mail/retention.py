"""How long mails last."""

from datetime import timedelta

from app.core.personal_data import Retention
from app.core.sweeps import Sweep

KEEP_ENDED = timedelta(days=7)
"""A mail server may take days to say that it could not deliver."""

SWEEPS = (Sweep(Retention.WEEK, "mails", "r.ended_at", KEEP_ENDED, kept_for="r.person_id"),)
