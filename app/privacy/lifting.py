"""The end of a restriction: the person is told first, by mail and in their log, and it ends three days later.

Art. 18(3) GDPR wants them told before. Whoever asks for a restriction anew meanwhile keeps the one that there is.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from app.accounts.errors import PersonNotFound
from app.accounts.staff import checked_reason
from app.audit.service import Action, record
from app.consents.restrictions import is_restricted, lift_restriction
from app.core import jobs
from app.core.days import day
from app.core.db import Row, fetch, fetch_one, transaction
from app.core.errors import Conflict
from app.core.jobs import JobKind, Lease
from app.core.personal_data import Activity
from app.core.ports import Clock
from app.mail.kinds import MailKind
from app.mail.service import record_mail

LIFT_RESTRICTION = JobKind("privacy.lift_restriction", queue="bulk", max_failures=20)
TOLD_BEFORE = timedelta(days=3)
REASON = "You were told before."


async def announce_lift(user_id: UUID, reason: str, *, actor: UUID | None, clock: Clock) -> datetime:
    """Tell a person that the restriction of their data ends, and why; return when it does, which is told once.

    `actor` None: the operator. Raises InvalidInput, PersonNotFound, and Conflict where nothing is restricted.
    """
    note = checked_reason(reason)
    async with transaction():
        person = await fetch_one("SELECT confirmed_email AS email FROM users WHERE id = $1 FOR UPDATE", user_id)
        if person is None:
            raise PersonNotFound("There is no such account.", path=("id",))
        if not await is_restricted(user_id):
            raise Conflict("Processing of this account's data is not restricted.", path=("id",))
        for job in await _waiting(user_id):
            ends: datetime = job["run_after"]
            return ends
        await jobs.record(LIFT_RESTRICTION, {"person": user_id}, delay=TOLD_BEFORE)
        details = {"note": note}
        await record(
            Action.RESTRICTION_ENDING, user_id, actor=actor, purpose=Activity.LEGAL_COMPLIANCE, details=details
        )
        ends = clock.now() + TOLD_BEFORE
        if person["email"]:
            values = {"date": day(ends), "reason": note}
            await record_mail(MailKind.RESTRICTION_ENDING, person["email"], person=user_id, values=values)
    return ends


async def call_off(user_id: UUID) -> None:
    """Have a restriction not end that was about to, in the caller's transaction, which takes no other lock before."""
    await jobs.cancel([job["id"] for job in await _waiting(user_id)])


async def lift(lease: Lease, clock: Clock) -> None:
    """End the restriction of whoever was told; who is gone by now needs nothing. Raises LeaseLost."""
    user_id = UUID(lease.payload["person"])
    async with transaction():
        await jobs.hold(lease)
        with suppress(PersonNotFound):
            await lift_restriction(user_id, REASON, actor=None, clock=clock)
        await jobs.complete(lease)


async def _waiting(user_id: UUID) -> list[Row]:
    return await fetch(
        """SELECT id, run_after FROM jobs
           WHERE kind = $1 AND payload ->> 'person' = $2 AND state IN ('QUEUED', 'RUNNING') ORDER BY id""",
        LIFT_RESTRICTION.name,
        str(user_id),
    )
