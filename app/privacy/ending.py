"""What becomes of the other requests of somebody whose account is erased: there is nobody left to answer."""

from uuid import UUID

from app.core import jobs
from app.core.db import execute, fetch
from app.privacy.status import OPEN, RUNNABLE

ACCOUNT_ERASED = "ACCOUNT_ERASED"
"""Why such a request is not granted."""


async def end_open(subject: UUID, but: UUID | None) -> None:
    """End the open requests of an alias, in the caller's transaction, but for one, and for erasures that are under way:
    what is left of those is the proof that they were done.
    """
    rows = await fetch(
        """SELECT id, job_id FROM privacy_requests
           WHERE subject_id = $1 AND status = ANY($2) AND id IS DISTINCT FROM $3
             AND NOT (privacy_right = 'ERASURE' AND status = ANY($4)) ORDER BY id""",
        subject,
        [status.value for status in OPEN],
        but,
        [status.value for status in RUNNABLE],
    )
    await jobs.cancel([row["job_id"] for row in rows if row["job_id"]])
    # What was answered or taken back while its job was waited for has ended already.
    await execute(
        """UPDATE privacy_requests SET status = 'DENIED', denial = $2, finished_at = now()
           WHERE id = ANY($1) AND status = ANY($3) AND NOT (privacy_right = 'ERASURE' AND status = ANY($4))""",
        [row["id"] for row in rows],
        ACCOUNT_ERASED,
        [status.value for status in OPEN],
        [status.value for status in RUNNABLE],
    )
