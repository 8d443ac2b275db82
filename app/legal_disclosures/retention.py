"""How long it is on record that something was handed over: seven years from when the person could know of it."""

from app.core.personal_data import Retention
from app.core.sweeps import RECORDS_LAST, Sweep

SWEEPS = (
    Sweep(Retention.RECORD, "legal_disclosures", "r.shown_from", RECORDS_LAST),
    Sweep(Retention.RECORD, "barred_disclosures", "greatest(r.recorded_at, r.barred_until)", RECORDS_LAST),
)
"""A bar ends by itself long before; the second is for a row that nothing moved."""
