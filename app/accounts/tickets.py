"""Tickets: what a one-time link in a mail is good for. A ticket works once and for a while."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from app.accounts.errors import LinkSpent
from app.core.db import execute, fetch, fetch_one
from app.core.ids import uuid7
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
    """Make a ticket in the caller's transaction; earlier ones for the same end."""
    await execute("DELETE FROM tickets WHERE user_id = $1 AND purpose = $2", user_id, purpose.value)
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
    """Return what a link is good for, and hold it for the caller's transaction. Raises LinkSpent."""
    ticket_id = tokens.ticket(token)
    row = ticket_id and await fetch_one(
        """SELECT id, user_id, address FROM tickets WHERE id = $1 AND purpose = $2 AND expires_at > now()
           FOR UPDATE""",
        ticket_id,
        purpose.value,
    )
    if not row:
        raise LinkSpent("This link was used, has expired, or was never ours: ask for a new one.", path=("token",))
    return Ticket(**row)


async def spend(ticket: Ticket) -> None:
    """End a ticket in the transaction that does what it was good for."""
    await execute("DELETE FROM tickets WHERE id = $1", ticket.id)


async def delete_expired(limit: int = 1000) -> int:
    """Delete tickets that have expired, at most `limit`; return how many."""
    rows = await fetch(
        """DELETE FROM tickets WHERE id IN (SELECT id FROM tickets WHERE expires_at < now() LIMIT $1)
           RETURNING id""",
        limit,
    )
    return len(rows)
