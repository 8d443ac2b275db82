"""How long it is known whom a campaign reached."""

from datetime import timedelta

from app.core.personal_data import Retention
from app.core.sweeps import Sweep

SWEEPS = (
    Sweep(
        Retention.WEEK,
        "campaign_recipients",
        "(SELECT c.finished_at FROM campaigns c WHERE c.id = r.campaign_id)",
        timedelta(days=7),
        only="r.campaign_id IN (SELECT c.id FROM campaigns c WHERE c.finished_at <= $1)",
    ),
)
