"""How long decisions stay on record.

One counts until the next one about the same, or until the account is gone, and is kept for seven years from then on.
The database itself refuses to delete what is younger, or still counts (migrations/0020_retention.py).
"""

from app.core.personal_data import Retention
from app.core.sweeps import RECORDS_LAST, Sweep


def _decisions(table: str, about: str) -> Sweep:
    since = f"""LEAST(
      (SELECT min(n.decided_at) FROM {table} n
       WHERE n.principal_id = r.principal_id AND n.{about} = r.{about} AND n.sequence > r.sequence),
      (SELECT a.ended_at FROM subject_aliases a WHERE a.id = r.principal_id))"""  # noqa: S608
    return Sweep(Retention.RECORD, table, since, RECORDS_LAST, only="r.decided_at <= $1")


SWEEPS = (
    _decisions("consent_records", "purpose"),
    _decisions("objection_records", "activity"),
    _decisions("restriction_records", "principal_id"),
)
