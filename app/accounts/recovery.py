"""Commands for people who forgot their password."""

from app.accounts import api_keys, challenges, connected_apps, passwords, tickets
from app.accounts.errors import PersonNotFound
from app.accounts.identity import normal_email
from app.accounts.tickets import LIFETIMES, Purpose
from app.audit.service import Action, record
from app.core.db import execute, fetch_one, transaction
from app.core.one_time import OneTimeTokens
from app.core.origin import NOWHERE, Origin
from app.mail.kinds import MailKind
from app.mail.service import record_mail


async def request_reset(email: str) -> None:
    """Mail a link that changes the password, or that there is no account: either way the asker sees the same.

    Raises InvalidInput for what is no address.
    """
    address = normal_email(email)
    minutes = str(int(LIFETIMES[Purpose.RESET_PASSWORD].total_seconds()) // 60)
    async with transaction():
        row = await fetch_one("SELECT id, display_name FROM users WHERE confirmed_email = $1 FOR UPDATE", address)
        if row is None:
            await record_mail(MailKind.NO_ACCOUNT, address, person=None)
            return
        ticket = await tickets.issue(Purpose.RESET_PASSWORD, row["id"], address)
        values = {"name": row["display_name"], "minutes": minutes}
        await record_mail(MailKind.RESET_PASSWORD, address, person=row["id"], values=values, ticket=ticket)


async def reset(token: str, password: str, one_time: OneTimeTokens, origin: Origin = NOWHERE) -> None:
    """Change the password, end every session and revoke every API key and app: one may be a thief's. A second factor
    stays.

    Raises LinkSpent, WeakPassword.
    """
    ticket = await tickets.look_up(Purpose.RESET_PASSWORD, token, one_time)
    await passwords.check_strength(password, ticket.address)
    encoded = await passwords.hash_password(password)
    async with transaction():
        ticket = await tickets.hold(Purpose.RESET_PASSWORD, token, one_time)
        await tickets.forget(ticket.user_id, Purpose.RESET_PASSWORD)
        row = await fetch_one(
            "UPDATE users SET password_hash = $2 WHERE id = $1 RETURNING display_name", ticket.user_id, encoded
        )
        if row is None:
            raise PersonNotFound("This account is gone.", path=("token",))
        await execute("DELETE FROM sessions WHERE user_id = $1", ticket.user_id)
        await api_keys.revoke_all(ticket.user_id)
        await challenges.end_all(ticket.user_id)
        await connected_apps.revoke_all(ticket.user_id)
        await record(Action.PASSWORD_CHANGED, ticket.user_id, actor=ticket.user_id, origin=origin)
        values = {"name": row["display_name"]}
        await record_mail(MailKind.PASSWORD_CHANGED, ticket.address, person=ticket.user_id, values=values)
