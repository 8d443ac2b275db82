"""Commands about addresses: confirm one, change it. An address belongs to the account that confirmed it."""

from datetime import datetime
from uuid import UUID

from tortoise.exceptions import IntegrityError

from app.accounts import lost_factors, passwords, tickets
from app.accounts.errors import EmailTaken, PersonNotFound, WrongCredentials
from app.accounts.identity import normal_email
from app.accounts.status import UserStatus
from app.accounts.step_up import require_fresh
from app.accounts.tickets import LIFETIMES, Purpose, Ticket
from app.audit.service import Action, record
from app.core.db import execute, fetch_one, transaction
from app.core.errors import InvalidInput, NotPermitted
from app.core.one_time import OneTimeTokens
from app.core.origin import NOWHERE, Origin
from app.core.viewer import Viewer
from app.mail.kinds import MailKind
from app.mail.service import record_mail


async def ask_to_confirm(user_id: UUID, address: str) -> None:
    """Mail what fits to an address that somebody signed up with, in the caller's transaction.

    Whoever owns the address is told; whoever signed up learns nothing from what we do or how long it takes.
    """
    owned = await fetch_one("SELECT status FROM users WHERE confirmed_email = $1", address)
    ticket = await tickets.issue(Purpose.CONFIRM_EMAIL, user_id, address)
    if owned is None:
        await record_mail(MailKind.CONFIRM_EMAIL, address, person=user_id, ticket=ticket)
    else:
        leaving = owned["status"] == UserStatus.ERASING
        kind = MailKind.REGISTERED_AND_LEAVING if leaving else MailKind.ALREADY_REGISTERED
        await record_mail(kind, address, person=user_id)


async def confirm(
    viewer: Viewer | None, token: str, password: str | None, one_time: OneTimeTokens, origin: Origin = NOWHERE
) -> UUID:
    """Give the address of a link to its account, and return that account.

    A link alone is not enough: whoever reads the mail may not be who chose the password. So the account's own session
    or its password is asked for. Raises LinkSpent, WrongCredentials, NotPermitted, EmailTaken.
    """
    ticket = await tickets.look_up(Purpose.CONFIRM_EMAIL, token, one_time)
    row = await fetch_one("SELECT password_hash FROM users WHERE id = $1", ticket.user_id)
    proved = row["password_hash"] if row else None
    await _prove(viewer, password, ticket.user_id, proved)
    try:
        async with transaction():
            ticket = await tickets.hold(Purpose.CONFIRM_EMAIL, token, one_time)
            await _move(ticket, proved, origin)
    except IntegrityError:
        raise EmailTaken(
            "Another account has confirmed this address: sign in to that one, or ask it for a new password.",
            path=("token",),
        ) from None
    return ticket.user_id


async def _move(ticket: Ticket, proved: str | None, origin: Origin) -> None:
    """Give the account its address, in the caller's transaction. What the mailbox before that could do ends."""
    row = await fetch_one(
        "SELECT password_hash, display_name, confirmed_email FROM users WHERE id = $1", ticket.user_id
    )
    if row is None or row["password_hash"] != proved:  # a reset has ended what the old one opens
        raise WrongCredentials("The password was just changed: send the new one.", path=("password",))
    await tickets.forget(ticket.user_id, Purpose.CONFIRM_EMAIL)
    await execute("UPDATE users SET email = $2, confirmed_email = $2 WHERE id = $1", ticket.user_id, ticket.address)
    await record(Action.EMAIL_CONFIRMED, ticket.user_id, actor=ticket.user_id, origin=origin)
    before = row["confirmed_email"]
    if before and before != ticket.address:
        await lost_factors.end_for(ticket.user_id, origin)
        values = {"name": row["display_name"]}
        await record_mail(MailKind.EMAIL_CHANGED, before, person=ticket.user_id, values=values)


async def _prove(viewer: Viewer | None, password: str | None, user_id: UUID, password_hash: str | None) -> None:
    if viewer is not None and viewer.user_id == user_id:
        return
    if password is None:
        raise NotPermitted(
            "Send the password of the account that this link is for, or sign in to that account first.",
            path=("password",),
        )
    if not await passwords.verify_password(password, password_hash):
        raise WrongCredentials("The password is not that of the account that this link is for.", path=("password",))


async def change(viewer: Viewer, new_address: str) -> None:
    """Mail a link to the new address and a notice to the old one; the link makes the change.

    The answer is the same whether or not another account has the address. Raises StepUpRequired, InvalidInput.
    """
    await require_fresh(viewer)
    async with transaction():
        await begin_change(viewer.user_id, normal_email(new_address))


async def begin_change(user_id: UUID, address: str) -> None:
    """Mail both addresses, in the caller's transaction, which knows that it is the person. Raises InvalidInput for the
    account's own address, and PersonNotFound.
    """
    row = await fetch_one("SELECT email, display_name, confirmed_email FROM users WHERE id = $1 FOR UPDATE", user_id)
    if row is None:
        raise PersonNotFound("This account is gone.")
    if row["confirmed_email"] == address:
        raise InvalidInput("This is the account's address already, and confirmed.", path=("email",))
    owned = await fetch_one("SELECT id FROM users WHERE confirmed_email = $1", address)
    ticket = await tickets.issue(Purpose.CONFIRM_EMAIL, user_id, address)
    minutes = str(int(LIFETIMES[Purpose.CONFIRM_EMAIL].total_seconds()) // 60)
    values = {"minutes": minutes}
    if owned is None:
        await record_mail(MailKind.CHANGE_EMAIL, address, person=user_id, values=values, ticket=ticket)
    else:
        await record_mail(MailKind.ALREADY_REGISTERED, address, person=user_id)
    if row["confirmed_email"]:
        told = {"name": row["display_name"]}
        await record_mail(MailKind.EMAIL_CHANGING, row["confirmed_email"], person=user_id, values=told)


async def change_ends(user_id: UUID, address: str) -> datetime | None:
    """Return until when the link works that gives somebody this address; None where there is none (any more)."""
    row = await fetch_one(
        """SELECT expires_at FROM tickets
           WHERE user_id = $1 AND purpose = $2 AND address = $3 AND expires_at > now()""",
        user_id,
        Purpose.CONFIRM_EMAIL.value,
        address,
    )
    return row["expires_at"] if row else None


async def has_address(user_id: UUID, address: str) -> bool:
    """Return whether this is the address that somebody has confirmed."""
    row = await fetch_one("SELECT id FROM users WHERE id = $1 AND confirmed_email = $2", user_id, address)
    return row is not None
