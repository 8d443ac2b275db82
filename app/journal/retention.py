"""How long the journal lasts: until no backup is left that an entry would be needed for.

The newest entry stays until there is a newer one (`Journal.refresh` sees to that): by it a database knows its journal.
"""

from collections.abc import Sequence

from app.core.db import Row
from app.core.personal_data import Retention
from app.core.sweeps import Sweep, SweepPorts
from app.journal.entries import key_of


async def _delete_objects(ports: SweepPorts, rows: Sequence[Row]) -> None:
    for row in rows:
        await ports.store.delete(key_of(row["sequence"]))


SWEEPS = (
    Sweep(
        Retention.BACKUP,
        "journal_entries",
        "r.until",
        only="r.written_at IS NOT NULL AND r.sequence < (SELECT t.sequence FROM journal_tip t)",
        outside=_delete_objects,
        columns="r.sequence",
    ),
)
