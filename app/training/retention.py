"""How long data sets last, and what they say about people."""

from app.core.personal_data import Retention
from app.core.sweeps import RECORDS_LAST, Sweep

SWEEPS = (
    Sweep(
        Retention.RECORD,
        "training_items",
        "(SELECT coalesce(s.sealed_at, s.started_at) FROM training_sets s WHERE s.id = r.set_id)",
        RECORDS_LAST,
        only="r.set_id IN (SELECT s.id FROM training_sets s WHERE coalesce(s.sealed_at, s.started_at) <= $1)",
    ),
    Sweep(
        Retention.NOT_PERSONAL,
        "training_sets",
        "coalesce(r.sealed_at, r.started_at)",
        RECORDS_LAST,
        only="NOT EXISTS (SELECT FROM training_items i WHERE i.set_id = r.id)",
    ),
)
