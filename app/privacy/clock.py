"""What the clock does to open requests: reminds the officer, raises the alarm, ends what nobody proved.

A job looks every few minutes at all that is open, so that nothing rests on one row that may be lost: what fails is
tried again with the next. Each reminder is a bit of the request's row, set in the transaction that records the mail.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from enum import IntFlag
from uuid import UUID

import structlog

from app.core import jobs
from app.core.days import day
from app.core.db import Row, fetch, fetch_one, transaction
from app.core.jobs import JobKind, Lease
from app.mail.kinds import MailKind
from app.mail.service import record_mail
from app.privacy.deadlines import confirm_due, reminders
from app.privacy.errors import RequestEnded, RequestNotFound
from app.privacy.office import Office
from app.privacy.proofs import PROOF_LASTS, expire
from app.privacy.status import OPEN, RUNNABLE, Regime, unanswered

WATCH = JobKind("privacy.clock", queue="bulk")
UNPROVEN_FOR = PROOF_LASTS
"""How long a request waits for the proof that it is the person."""
BATCH = 200
_OPEN = sorted(status.value for status in OPEN)

log = structlog.get_logger(__name__)


class Reminder(IntFlag):
    """What the officer was told of a request. The numbers are stored."""

    HALF = 1
    THREE_DAYS = 2
    ONE_DAY = 4
    OVERDUE = 8
    UNCONFIRMED = 16


async def watch(lease: Lease, office: Office) -> None:
    """Do all that is due, and complete nothing. Raises LeaseLost, and the first error after everything was tried."""
    failures = [
        *await _expire(lease, office),
        *await _remind(lease, office),
    ]
    number, oldest = await overdue(office)
    if number:
        log.error("privacy.overdue", number=number, hours=oldest // timedelta(hours=1))
    if stuck := await _given_up():
        log.error("privacy.given_up", number=stuck)
    if failures:
        raise failures[0]


async def _given_up() -> int:
    """Return how many requests nobody carries out any more, until an officer has them tried again.

    The job that was given up is swept away a week later.
    """
    row = await fetch_one(
        """SELECT count(*) AS number FROM privacy_requests r
           WHERE r.status = ANY($1)
             AND NOT EXISTS (SELECT FROM jobs j WHERE j.id = r.job_id AND j.state IN ('QUEUED', 'RUNNING'))""",
        sorted(status.value for status in RUNNABLE),
    )
    return int(row["number"]) if row else 0


async def overdue(office: Office) -> tuple[int, timedelta]:
    """Return how many requests should have been answered by now and are not, and for how long the oldest."""
    now = office.clock.now()
    row = await fetch_one(
        f"""SELECT count(*) AS number, min(due_at) AS oldest FROM privacy_requests
            WHERE status = ANY($1) AND {unanswered("privacy_requests")} AND due_at < $2""",  # noqa: S608
        _OPEN,
        now,
    )
    return (row["number"], now - row["oldest"]) if row and row["number"] else (0, timedelta())


async def _expire(lease: Lease, office: Office) -> Sequence[Exception]:
    """End requests that nobody proved in time, and delete what was said in them."""
    rows = await fetch(
        """SELECT id FROM privacy_requests WHERE status = 'AWAITING_VERIFICATION' AND received_at <= $1
           ORDER BY received_at LIMIT $2""",
        office.clock.now() - UNPROVEN_FOR,
        BATCH,
    )
    failures = []
    for row in rows:
        try:
            await _expire_one(lease, row["id"], office)
        except jobs.LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001 - the others are due too; this one is tried again with the next job
            log.error("privacy.not_expired", request=str(row["id"]), error=type(error).__name__)
            failures.append(error)
    return failures


async def _expire_one(lease: Lease, request_id: UUID, office: Office) -> None:
    async with transaction():
        await jobs.hold(lease)
        with suppress(RequestEnded, RequestNotFound):  # it was proved meanwhile, and may have joined another
            await expire(request_id, office)


async def _remind(lease: Lease, office: Office) -> Sequence[Exception]:
    """Tell the officer what they were not told yet of what is open."""
    failures: list[Exception] = []
    after = UUID(int=0)
    while rows := await fetch(
        f"""SELECT id, regime, status, privacy_right, received_at, due_at, confirmed_at, reminded,
                   coalesce(extended_at, verified_at) AS begun_at
            FROM privacy_requests WHERE status = ANY($1) AND {unanswered("privacy_requests")} AND id > $2
            ORDER BY id LIMIT $3""",  # noqa: S608
        _OPEN,
        after,
        BATCH,
    ):
        after = rows[-1]["id"]
        for row in rows:
            try:
                await _remind_of(lease, row, office)
            except jobs.LeaseLost:
                raise
            except Exception as error:  # noqa: BLE001 - as above
                log.error("privacy.not_reminded", request=str(row["id"]), error=type(error).__name__)
                failures.append(error)
    return failures


async def _remind_of(lease: Lease, row: Row, office: Office) -> None:
    new = _due(row, office) & ~Reminder(row["reminded"])
    if not new:
        return
    async with transaction():
        await jobs.hold(lease)
        # What was extended or answered meanwhile, or told by another worker, is left alone.
        told = await fetch_one(
            """UPDATE privacy_requests SET reminded = reminded | $2::smallint
               WHERE id = $1 AND reminded = $3 AND status = ANY($4) AND due_at IS NOT DISTINCT FROM $5 RETURNING id""",
            row["id"],
            int(new),
            row["reminded"],
            _OPEN,
            row["due_at"],
        )
        if told is None:
            return
        for kind in _kinds(new):
            if kind is not MailKind.PRIVACY_REMINDER:
                log.error(kind.value.lower().replace("_", ".", 1), request=str(row["id"]))
            if office.mailbox:
                await record_mail(kind, office.mailbox, person=None, values=_values(row, office))


def _due(row: Row, office: Office) -> Reminder:
    """Return what the officer has to be told of a request by now."""
    now, found = office.clock.now(), Reminder(0)
    if row["due_at"] is not None:
        moments = (*reminders(row["begun_at"], row["due_at"]), row["due_at"] + timedelta(microseconds=1))
        kinds = (Reminder.HALF, Reminder.THREE_DAYS, Reminder.ONE_DAY, Reminder.OVERDUE)
        for kind, moment in zip(kinds, moments, strict=True):
            found |= kind if moment <= now else Reminder(0)
    if row["regime"] == Regime.CCPA and row["confirmed_at"] is None:
        late = confirm_due(row["received_at"], office.zone, office.holidays) < now
        found |= Reminder.UNCONFIRMED if late else Reminder(0)
    return found


def _kinds(new: Reminder) -> Sequence[MailKind]:
    """Return what is mailed: of several reminders that came due at once, the last one only."""
    time = Reminder.HALF | Reminder.THREE_DAYS | Reminder.ONE_DAY
    first = [MailKind.PRIVACY_UNCONFIRMED] if new & Reminder.UNCONFIRMED else []
    if new & Reminder.OVERDUE:
        return [*first, MailKind.PRIVACY_OVERDUE]
    return [*first, MailKind.PRIVACY_REMINDER] if new & time else first


def _values(row: Row, office: Office) -> dict[str, str]:
    due = row["due_at"]
    return {
        "id": str(row["id"]),
        "code": row["privacy_right"],
        "status": row["status"],
        "received": day(row["received_at"].astimezone(office.zone)),
        "due": day(due.astimezone(office.zone)) if due else "",
        "left": in_words(due - office.clock.now()) if due else "",
    }


def in_words(left: timedelta) -> str:
    """Return a time in days, or in hours where it is less than two days."""
    hours = max(left, timedelta()) // timedelta(hours=1)
    return f"{hours // 24} days" if hours >= 48 else f"{hours} hours"
