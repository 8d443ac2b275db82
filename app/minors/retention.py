"""How long it is on record that an account was said to be a child's, and what became of it."""

from app.core.personal_data import Retention
from app.core.sweeps import RECORDS_LAST, Sweep

SWEEPS = (Sweep(Retention.RECORD, "minor_flags", "r.ended_at", RECORDS_LAST),)
