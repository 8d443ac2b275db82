"""How long acceptances last, and who published what."""

from app.core.personal_data import Retention
from app.core.sweeps import RECORDS_LAST, Sweep

SWEEPS = (
    Sweep(
        Retention.RECORD,
        "acceptances",
        """LEAST(
          (SELECT min(n.accepted_at) FROM acceptances n
           WHERE n.subject_id = r.subject_id AND n.kind = r.kind AND (n.accepted_at, n.id) > (r.accepted_at, r.id)),
          (SELECT a.ended_at FROM subject_aliases a WHERE a.id = r.subject_id))""",
        RECORDS_LAST,
        only="r.accepted_at <= $1",
    ),
    Sweep(Retention.RECORD, "document_versions", "r.published_at", RECORDS_LAST, empties=("published_by_id",)),
)
"""An acceptance counts until the next one of its kind, or until the account is gone. A version stays; who published it
does not."""
