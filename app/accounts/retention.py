"""How long what opens accounts lasts, and accounts that nobody can open any more."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from app.accounts.api_keys import KEEP_EXPIRED
from app.accounts.lost_factors import finish_each
from app.audit.service import forget_details
from app.core import feed, idempotency
from app.core.db import execute
from app.core.lockout import locked, unlocked
from app.core.personal_data import Retention
from app.core.sweeps import Sweep, SweepPorts
from app.processors.records import forget_objects

UNCONFIRMED_LAST = timedelta(days=30)
UNCONFIRMED = f"""r.confirmed_email IS NULL AND r.created_at <= $1 AND {unlocked("r")}
  AND NOT EXISTS (SELECT FROM identities i WHERE i.user_id = r.id)
  AND NOT EXISTS (SELECT FROM passkeys p WHERE p.user_id = r.id)"""  # noqa: S608
"""Accounts that nobody can sign in to: whoever signed up is in until their session ends, and never again. One that is
locked waits for what ends that: whatever else is to go goes with it, and whoever gets it back finds it as it was.
"""
_IN_UNTIL = ", ".join(
    f"(SELECT max(x.expires_at) FROM {table} x WHERE x.user_id = r.id)"  # noqa: S608
    for table in ("sessions", "api_keys", "app_grants", "tickets")
)
UNCONFIRMED_SINCE = f"GREATEST(r.created_at, GREATEST({_IN_UNTIL}) - interval '{UNCONFIRMED_LAST.days} days')"
"""The sign-up; where somebody is in for longer than the thirty days, so much later that the last of that is over."""


async def _finish_recoveries(_ports: SweepPorts, _at: datetime, ids: Sequence[UUID]) -> int:
    """End waiting times whose own job was lost, as it would have."""
    return await finish_each(ids)


async def _end_unconfirmed(_ports: SweepPorts, _at: datetime, ids: Sequence[UUID]) -> int:
    """Delete accounts; what is on record about them stays, under names that lead to nobody."""
    await forget_details(ids)
    await forget_objects(ids)
    await feed.forget(ids)
    await idempotency.forget_people(ids)
    await execute("DELETE FROM users WHERE id = ANY($1)", list(ids))
    return len(ids)


SWEEPS = (
    Sweep(Retention.SESSION, "sessions", "r.expires_at"),
    Sweep(Retention.KEY, "api_keys", "r.expires_at", KEEP_EXPIRED),
    Sweep(
        Retention.CONNECTION,
        "app_grants",
        """LEAST(r.expires_at, coalesce(
             (SELECT max(t.expires_at) FROM app_tokens t WHERE t.grant_id = r.id), r.created_at))""",
        takes=("app_tokens",),
    ),
    Sweep(Retention.LINK, "tickets", "r.expires_at"),
    Sweep(
        Retention.RECOVERY,
        "account_recoveries",
        "r.ends_at",
        only=f"NOT EXISTS (SELECT FROM users u WHERE u.id = r.user_id AND {locked('u')})",
        inside=_finish_recoveries,
    ),
    Sweep(Retention.CHALLENGE, "sign_in_challenges", "r.expires_at"),
    Sweep(Retention.CHALLENGE, "passkey_challenges", "r.expires_at"),
    Sweep(Retention.NOT_PERSONAL, "provider_questions", "r.expires_at"),
    Sweep(
        Retention.ACCOUNT,
        "users",
        UNCONFIRMED_SINCE,
        UNCONFIRMED_LAST,
        only=UNCONFIRMED,
        unreferred=True,
        inside=_end_unconfirmed,
    ),
)
