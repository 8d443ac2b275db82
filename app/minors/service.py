"""Commands: say that an account is a child's, which freezes it at once; and say that it is not, which gives it back.

The status of the account is all that a freeze is: whoever identifies somebody, shows something of theirs, sends them
mail or works for them looks at it. So nothing has to be taken apart, and nothing can be lost when it is given back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import orjson

from app.accounts.erasing import set_standing, standing_of
from app.accounts.errors import OwnAccount, PersonNotFound
from app.accounts.queries import COLUMNS, Person, record_of
from app.accounts.staff import checked_reason, whose_address
from app.accounts.status import IN_USE, UserStatus, status_in_use
from app.audit.service import Action, alias_of, record
from app.core import idempotency
from app.core.days import day
from app.core.db import Row, execute, fetch_one, transaction
from app.core.errors import NotPermitted
from app.core.ids import uuid7
from app.core.keys import keyed_hash
from app.core.personal_data import Activity
from app.core.viewer import Role, Viewer
from app.gallery.service import hide_frozen
from app.generation import freezing
from app.mail.kinds import MailKind
from app.mail.service import record_mail
from app.minors.errors import NotFlagged, PurgeBegun
from app.training.marking import mark_inactive

GONE = "There is no such account (any more). What was flagged and not lifted in time is deleted, for good."


@dataclass(frozen=True, slots=True)
class Flagged:
    """A frozen account, and when it is deleted."""

    person: Person
    purge_at: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """That somebody says an account is a child's, and why."""

    reason: str
    purge_after: timedelta


async def flag(viewer: Viewer, user_id: UUID, report: Report, *, key: str, hash_key: bytes) -> Flagged:
    """Freeze an account for everybody, and have it deleted after a while. Staff are flagged by administrators only.

    One that is frozen already stays as it is. Raises InvalidInput, PersonNotFound, OwnAccount, NotPermitted,
    IdempotencyMismatch, IdempotencyInProgress.
    """
    reason = checked_reason(report.reason)
    if user_id == viewer.user_id:
        raise OwnAccount("Nobody flags themselves.", path=("id",))
    input_hash = keyed_hash(hash_key, orjson.dumps([user_id, reason]))
    async with transaction():
        done = await idempotency.begin(viewer.user_id, "flagMinor", key, input_hash)
        row = await _locked(user_id)
        if row["role"] != Role.USER and viewer.role is not Role.ADMIN:
            raise NotPermitted("This is an account of staff: ask an administrator.", path=("id",))
        if done is None:
            flagged = await _freeze(row, Report(reason, report.purge_after), viewer.user_id)
            # Of the key stays what it made: the person's own id would outlive the person.
            await idempotency.finish(viewer.user_id, "flagMinor", key, input_hash, (await _latest(user_id))["id"])
            return flagged
        return Flagged(record_of(row), (await _latest(user_id))["purge_at"])


async def lift(viewer: Viewer, user_id: UUID, reason: str) -> Person:
    """Give a frozen account back as it was. What was canceled stays canceled.

    Raises InvalidInput, PersonNotFound once it was deleted, PurgeBegun, NotFlagged, NotPermitted.
    """
    reason = checked_reason(reason)
    async with transaction():
        row = await _locked(user_id)
        if row["role"] != Role.USER and viewer.role is not Role.ADMIN:
            raise NotPermitted("This is an account of staff: ask an administrator.", path=("id",))
        return await _thaw(row, reason, viewer.user_id)


async def flag_by_email(email: str, report: Report) -> Flagged:
    """Freeze the account of that address, as the operator. Raises InvalidInput, PersonNotFound."""
    reason = checked_reason(report.reason)
    async with transaction():
        return await _freeze(await _locked(await whose_address(email)), Report(reason, report.purge_after), None)


async def lift_by_email(email: str, reason: str) -> Person:
    """Give the account of that address back, as the operator. Raises InvalidInput, PersonNotFound, PurgeBegun,
    NotFlagged.
    """
    reason = checked_reason(reason)
    async with transaction():
        return await _thaw(await _locked(await whose_address(email)), reason, None)


async def _freeze(row: Row, report: Report, actor: UUID | None) -> Flagged:
    user_id = row["id"]
    before = await standing_of(user_id)
    if before is UserStatus.FROZEN:
        return Flagged(record_of(row), (await _latest(user_id))["purge_at"])
    status = await set_standing(user_id, UserStatus.FROZEN)
    flag = await fetch_one(
        """INSERT INTO minor_flags (id, subject_id, flagged_by_id, state, previous_status, flagged_at, purge_at)
           VALUES ($1, $2, $3, 'FLAGGED', $4, now(), now() + $5::interval) RETURNING purge_at""",
        uuid7(),
        await alias_of(user_id),
        await alias_of(actor) if actor else None,
        before.value,
        report.purge_after,
    )
    assert flag is not None
    await hide_frozen(await freezing.freeze(user_id))
    await mark_inactive(user_id)
    await _note(Action.MINOR_FLAGGED, user_id, actor, report.reason)
    await _tell(MailKind.MINOR_FLAGGED, user_id, {"date": day(flag["purge_at"])})
    return Flagged(record_of({**row, "status": status.value}), flag["purge_at"])


async def _thaw(row: Row, reason: str, actor: UUID | None) -> Person:
    user_id = row["id"]
    if await standing_of(user_id) is not UserStatus.FROZEN:
        raise NotFlagged("This account is not frozen: there is nothing to lift.", path=("id",))
    flag = await _latest(user_id)
    if flag["state"] != "FLAGGED":
        raise PurgeBegun("Everything about this person is being deleted: nothing brings it back.", path=("id",))
    await execute("UPDATE minor_flags SET state = 'LIFTED', ended_at = now() WHERE id = $1", flag["id"])
    previous = UserStatus(flag["previous_status"])
    if previous in IN_USE:  # a restriction may have come, or ended, meanwhile
        previous = await status_in_use(user_id)
    status = await set_standing(user_id, previous)
    await hide_frozen(await freezing.thaw(user_id))
    await _note(Action.MINOR_FLAG_LIFTED, user_id, actor, reason)
    await _tell(MailKind.MINOR_FLAG_LIFTED, user_id, {})
    return record_of({**row, "status": status.value})


async def _locked(user_id: UUID) -> Row:
    """Return the account, locked against other changes of it; what only refers to it need not wait."""
    row = await fetch_one(f"SELECT {COLUMNS} FROM users WHERE id = $1 FOR NO KEY UPDATE", user_id)  # noqa: S608
    if row is None:
        raise PersonNotFound(GONE, path=("id",))
    return row


async def _latest(user_id: UUID) -> Row:
    row = await fetch_one(
        """SELECT f.id, f.state, f.previous_status, f.purge_at FROM minor_flags f
           JOIN subject_aliases a ON a.id = f.subject_id
           WHERE a.user_id = $1 ORDER BY f.id DESC LIMIT 1 FOR UPDATE OF f""",
        user_id,
    )
    if row is None:
        raise NotFlagged("This account was never flagged.", path=("id",))
    return row


async def _note(action: Action, user_id: UUID, actor: UUID | None, reason: str) -> None:
    await record(action, user_id, actor=actor, purpose=Activity.LEGAL_COMPLIANCE, details={"note": reason})


async def _tell(kind: MailKind, user_id: UUID, values: Mapping[str, str]) -> None:
    """Write to the address that the person confirmed; without one there is nobody to write to."""
    row = await fetch_one("SELECT confirmed_email FROM users WHERE id = $1", user_id)
    if row is not None and row["confirmed_email"]:
        await record_mail(kind, row["confirmed_email"], person=user_id, values=values)
