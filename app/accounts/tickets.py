"""Tickets: what a one-time link in a mail is good for. A ticket works once and for a while.

Whoever writes tickets of a person holds that person's row first, as every command about an account does: so two at once
neither wait for each other nor leave two links behind.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from app.accounts.errors import LinkSpent
from app.core.db import execute, fetch_one
from app.core.ids import uuid7
from app.core.lockout import unlocked
from app.core.one_time import OneTimeTokens


class Purpose(StrEnum):
    """What a link does."""

    CONFIRM_EMAIL = "CONFIRM_EMAIL"
    RESET_PASSWORD = "RESET_PASSWORD"  # noqa: S105 - the name of a purpose


LIFETIMES = {Purpose.CONFIRM_EMAIL: timedelta(days=3), Purpose.RESET_PASSWORD: timedelta(minutes=30)}


@dataclass(frozen=True, slots=True)
class Ticket:
    """Whose link it is, and which address it was mailed to."""

    id: UUID
    user_id: UUID
    address: str


async def issue(purpose: Purpose, user_id: UUID, address: str) -> UUID:
    """Make a ticket in the caller's transaction, which holds the person; earlier ones for the same end."""
    await forget(user_id, purpose)
    ticket_id = uuid7()
    await execute(
        """INSERT INTO tickets (id, user_id, purpose, address, expires_at)
           VALUES ($1, $2, $3, $4, now() + $5::interval)""",
        ticket_id,
        user_id,
        purpose.value,
        address,
        LIFETIMES[purpose],
    )
    return ticket_id


async def look_up(purpose: Purpose, token: str, tokens: OneTimeTokens) -> Ticket:
    """Return what a link is good for. Raises LinkSpent, also for a new password where the person has moved to another
    address than the one that the link was mailed to, and as long as the account is locked.
    """
    ticket_id = tokens.ticket(token)
    row = ticket_id and await fetch_one(
        f"""SELECT t.id, t.user_id, t.address FROM tickets t JOIN users u ON u.id = t.user_id
            WHERE t.id = $1 AND t.purpose = $2 AND t.expires_at > now() AND {unlocked("u")}
              AND (t.purpose <> 'RESET_PASSWORD' OR t.address = u.confirmed_email)""",  # noqa: S608
        ticket_id,
        purpose.value,
    )
    if not row:
        raise LinkSpent("This link was used, has expired, or was never ours: ask for a new one.", path=("token",))
    return Ticket(**row)


async def hold(purpose: Purpose, token: str, tokens: OneTimeTokens) -> Ticket:
    """Return the same, and hold the person and so the link for the caller's transaction. Raises LinkSpent."""
    ticket = await look_up(purpose, token, tokens)
    await fetch_one("SELECT id FROM users WHERE id = $1 FOR UPDATE", ticket.user_id)
    return await look_up(purpose, token, tokens)


async def forget(user_id: UUID, purpose: Purpose) -> None:
    """End the person's links to an end, in the transaction that does what they were good for."""
    await execute("DELETE FROM tickets WHERE user_id = $1 AND purpose = $2", user_id, purpose.value)
