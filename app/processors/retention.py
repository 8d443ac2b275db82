"""How long it is on record what left us."""

from app.core.personal_data import Retention
from app.core.sweeps import RECORDS_LAST, Sweep

SWEEPS = (Sweep(Retention.RECORD, "disclosures", "r.created_at", RECORDS_LAST),)
