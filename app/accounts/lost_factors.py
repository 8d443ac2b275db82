"""Recovery of an account whose second factor is lost: after a waiting time it asks for the password only.

Who reads a person's mail is not always that person: hence the waiting time, a mail when it begins, and three ways to
end it: the link in that mail, any session of theirs, and any proof of the second factor.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.accounts import challenges, recovery_codes, tickets
from app.accounts.errors import LinkSpent, NothingLost, RecoveryNotFound
from app.accounts.methods import second_methods
from app.accounts.notices import tell
from app.accounts.tickets import Purpose
from app.audit.service import Action, record
from app.core import jobs
from app.core.db import execute, fetch, fetch_one, transaction
from app.core.ids import uuid7
from app.core.jobs import JobKind, Lease, NotYet
from app.core.lockout import LOCKED_FOR, locked
from app.core.one_time import OneTimeTokens
from app.core.origin import NOWHERE, Origin
from app.core.viewer import Viewer
from app.mail.kinds import MailKind

FINISH_RECOVERY = JobKind("accounts.finish_recovery", queue="interactive", max_failures=20)


@dataclass(frozen=True, slots=True)
class Recovery:
    """A waiting time that runs."""

    created_at: datetime
    ends_at: datetime


async def running(viewer: Viewer) -> Recovery | None:
    """Return the viewer's recovery, if one runs."""
    return await _running(viewer.user_id)


async def start(token: str, one_time: OneTimeTokens, wait: timedelta, origin: Origin = NOWHERE) -> Recovery:
    """Begin the waiting time, with the link that would change the password; return the one that runs already, if any.

    Raises LinkSpent, and NothingLost where no second factor is set up: then the link is still good.
    """
    async with transaction():
        ticket = await tickets.hold(Purpose.RESET_PASSWORD, token, one_time)
        if not await second_methods(ticket.user_id):
            raise NothingLost(
                "This account has no second factor: the link changes the password, and that is all it takes.",
                path=("token",),
            )
        if found := await _running(ticket.user_id):
            return found
        await tickets.forget(ticket.user_id, Purpose.RESET_PASSWORD)
        return await _begin(ticket.user_id, wait, origin)


async def _begin(user_id: UUID, wait: timedelta, origin: Origin) -> Recovery:
    recovery_id = uuid7()
    [row] = await fetch(
        """INSERT INTO account_recoveries (id, user_id, created_at, ends_at)
           VALUES ($1, $2, now(), now() + $3::interval) RETURNING created_at, ends_at""",
        recovery_id,
        user_id,
        wait,
    )
    await jobs.record(FINISH_RECOVERY, {"recovery": recovery_id}, delay=wait)
    await record(Action.RECOVERY_STARTED, user_id, actor=user_id, origin=origin)
    ends = f"{row['ends_at']:%d %B %Y, %H:%M} UTC"
    await tell(user_id, MailKind.RECOVERY_STARTED, {"ends": ends}, ticket=recovery_id)
    return Recovery(**row)


async def cancel(viewer: Viewer | None, token: str | None, one_time: OneTimeTokens, origin: Origin = NOWHERE) -> None:
    """End the waiting time with the link from the mail, else as the viewer. Raises LinkSpent, RecoveryNotFound."""
    async with transaction():
        if token is not None:
            await _cancel_by_link(token, one_time, origin)
        elif viewer is None or not await end_for(viewer.user_id, origin):
            raise RecoveryNotFound("No recovery of your account is running.")


async def _cancel_by_link(token: str, one_time: OneTimeTokens, origin: Origin) -> None:
    row = await fetch_one("SELECT user_id FROM account_recoveries WHERE id = $1", one_time.ticket(token))
    if row is None or not await end_for(row["user_id"], origin):
        raise LinkSpent("This recovery was stopped before, has ended, or was never ours.", path=("token",))


async def end_for(user_id: UUID, origin: Origin = NOWHERE) -> bool:
    """End the person's waiting time, if one runs, in the caller's transaction; return whether one did."""
    rows = await fetch("DELETE FROM account_recoveries WHERE user_id = $1 RETURNING id", user_id)
    if rows:
        await record(Action.RECOVERY_CANCELED, user_id, actor=user_id, origin=origin)
        await tell(user_id, MailKind.RECOVERY_CANCELED)
    return bool(rows)


async def finish(lease: Lease) -> None:
    """Remove second factors and end sessions where the waiting time was not ended; one transaction.

    Raises NotYet while the account is locked: its person could not stop this now, and is to get it back as it was.
    """
    recovery_id = UUID(lease.payload["recovery"])
    async with transaction():
        waiting = await fetch(
            f"""SELECT r.id FROM account_recoveries r JOIN users u ON u.id = r.user_id
                WHERE r.id = $1 AND {locked("u")}""",  # noqa: S608
            recovery_id,
        )
        if waiting:
            raise NotYet(LOCKED_FOR)
        await finish_each([recovery_id])
        await jobs.complete(lease)


async def finish_each(recovery_ids: Sequence[UUID]) -> int:
    """End waiting times, in the caller's transaction; return how many there were."""
    rows = await fetch("DELETE FROM account_recoveries WHERE id = ANY($1) RETURNING user_id", list(recovery_ids))
    for user_id in (row["user_id"] for row in rows):
        await execute("DELETE FROM totps WHERE user_id = $1", user_id)
        await execute("DELETE FROM passkeys WHERE user_id = $1", user_id)
        await recovery_codes.forget(user_id)
        await challenges.end_all(user_id)
        await execute("DELETE FROM sessions WHERE user_id = $1", user_id)
        await record(Action.RECOVERY_FINISHED, user_id, actor=user_id)
        await tell(user_id, MailKind.RECOVERY_FINISHED)
    return len(rows)


async def _running(user_id: UUID) -> Recovery | None:
    row = await fetch_one("SELECT created_at, ends_at FROM account_recoveries WHERE user_id = $1", user_id)
    return Recovery(**row) if row else None
