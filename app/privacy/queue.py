"""Reads of officers and of the operator: which requests are open, and which of them comes first."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.audit.service import record_looks
from app.core.db import fetch, transaction
from app.core.personal_data import Activity, Category
from app.core.ports import Clock
from app.core.purposes import Allows, reachable
from app.core.viewer import Viewer
from app.privacy.asked import COLUMNS, FROM, Request, request_of
from app.privacy.status import OPEN, RequestStatus, unanswered

Place = tuple[datetime | None, UUID]
"""A request's place in the queue: when it is due, and its id."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests, as they stand `at` a moment."""

    at: datetime
    status: RequestStatus | None = None
    """None: all that are open."""
    overdue: bool | None = None


async def queue(
    viewer: Viewer, activity: Activity, allows: Allows, wanted: Wanted, *, first: int, after: Place | None = None
) -> list[Request]:
    """Return requests, those with the least time left first, at most `first` and one more, which says that there are
    more and is not to be shown. Those that wait for a proof have no time of ours, and come last.

    Each person who is shown finds the look in their own log. Raises what `allows` raises.
    """
    await allows(None, activity, Category.CONTACT, viewer.role)
    async with transaction():
        found = await _queue(wanted, reachable(activity, "u"), first + 1, after)
        people = {each.person for each in found[:first] if each.person} - {viewer.user_id}
        await record_looks(sorted(people), viewer.user_id, activity)
    return found


async def waiting(clock: Clock, *, first: int, overdue: bool | None = None) -> list[Request]:
    """Return the open requests for the operator, who has the database: those with the least time left first."""
    return await _queue(Wanted(clock.now(), overdue=overdue), "TRUE", first, None)


async def _queue(wanted: Wanted, reached: str, limit: int, after: Place | None) -> list[Request]:
    moment, key = after or (None, None)
    rows = await fetch(
        f"""SELECT {COLUMNS} FROM {FROM}
            WHERE r.status = ANY($1) AND (u.id IS NULL OR {reached})
              AND ($2::bool IS NULL
                   OR $2 = (r.status = ANY($6) AND {unanswered("r")} AND coalesce(r.due_at, r.legal_due_at) < $3))
              AND ($4::uuid IS NULL
                   OR (coalesce(r.due_at, 'infinity'), r.id) > (coalesce($5::timestamptz, 'infinity'), $4))
            ORDER BY coalesce(r.due_at, 'infinity'), r.id LIMIT $7""",  # noqa: S608
        [wanted.status.value] if wanted.status else _OPEN,
        wanted.overdue,
        wanted.at,
        key,
        moment,
        _OPEN,
        limit,
    )
    return [request_of(row) for row in rows]


_OPEN = sorted(status.value for status in OPEN)
