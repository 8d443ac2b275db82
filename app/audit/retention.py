"""How long the audit log lasts, and the names that it knows people by."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from app.audit.truncation import truncate
from app.core.personal_data import Retention
from app.core.sweeps import RECORDS_LAST, Sweep, SweepPorts


async def _end_entries(ports: SweepPorts, at: datetime, ids: Sequence[UUID]) -> int:
    """End the oldest of the chain, as many as were found: in its own order, which is not quite that of their times."""
    return await truncate(ports.signer, at - RECORDS_LAST, len(ids))


SWEEPS = (
    Sweep(
        Retention.RECORD,
        "audit_entries",
        "r.at",
        RECORDS_LAST,
        takes=("audit_seals", "audit_details"),
        inside=_end_entries,
        takes_turns=True,
    ),
)
ALIASES = (Sweep(Retention.RECORD, "subject_aliases", "r.ended_at", RECORDS_LAST, unreferred=True),)
"""After everything that knows people by them."""
