"""How long reference pictures last, and what is left in accounts that nobody can open any more."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from app.accounts.retention import UNCONFIRMED, UNCONFIRMED_LAST, UNCONFIRMED_SINCE
from app.core import jobs
from app.core.db import fetch
from app.core.lockout import frozen
from app.core.personal_data import Retention
from app.core.sweeps import Sweep, SweepPorts
from app.generation.references import MARGIN
from app.generation.service import remove
from app.media.references import delete_references
from app.media.retention import empty_out

_HOLDS_SOMETHING = " OR ".join(
    f"EXISTS (SELECT FROM {table} x WHERE x.{owner} = r.id)"
    for table, owner in (
        ("generations", "user_id"),
        ("reference_images", "person_id"),
        ("avatars", "person_id"),
        ("face_acknowledgements", "person_id"),
    )
)


async def _end_references(_ports: SweepPorts, _at: datetime, ids: Sequence[UUID]) -> int:
    await delete_references(ids)
    return len(ids)


async def _empty_accounts(_ports: SweepPorts, _at: datetime, ids: Sequence[UUID]) -> int:
    for person_id in ids:
        await _delete_generations(person_id)
        await empty_out(person_id)
    return len(ids)


async def _delete_generations(person_id: UUID) -> None:
    rows = await fetch("SELECT id, job_id FROM generations WHERE user_id = $1", person_id)
    await jobs.cancel([row["job_id"] for row in rows if row["job_id"]])
    await remove(person_id, [row["id"] for row in rows])


SWEEPS = (
    Sweep(
        Retention.REFERENCE,
        "reference_images",
        "r.expires_at",
        MARGIN,
        kept_for="r.person_id",
        only=f"""NOT EXISTS (
          SELECT FROM generation_references l JOIN generations g ON g.id = l.generation_id
          WHERE l.reference_image_id = r.id AND (g.status IN ('QUEUED', 'RUNNING') OR (g.user_id <> r.person_id
            AND EXISTS (SELECT FROM users u WHERE u.id = r.person_id AND {frozen("u")}))))""",  # noqa: S608
        inside=_end_references,
    ),
    Sweep(
        Retention.ACCOUNT,
        "users",
        UNCONFIRMED_SINCE,
        UNCONFIRMED_LAST,
        only=f"{UNCONFIRMED} AND ({_HOLDS_SOMETHING})",
        takes=("generations", "generated_images", "generation_references", "avatars", "face_acknowledgements"),
        inside=_empty_accounts,
        name="content of unconfirmed accounts",
    ),
)
