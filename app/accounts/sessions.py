"""Sessions: opened at sign-in, found by their token, kept alive by use, ended by their person.

A session ends when it was not used for a while (sliding), and at some age however much it is used (absolute).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.accounts import tokens
from app.accounts.errors import SessionNotFound
from app.accounts.models import Session
from app.audit.service import Action, record
from app.core.db import execute, fetch, fetch_one, transaction
from app.core.origin import NOWHERE, Origin
from app.core.ports import Clock
from app.core.viewer import Role, Viewer

MAX_SESSIONS = 50
"""Live ones of one person; one more ends the oldest."""
USE_PRECISION = timedelta(hours=1)
"""How exact `last_used_at` is: a session in use is written once in that time, not with every request."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session. `token` is shown once and never stored."""

    viewer: Viewer
    token: str


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A live session, as its person sees it: where it was opened, and when it was used last."""

    id: UUID
    device: str | None
    network: str | None
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime


async def open_session(
    user_id: UUID,
    role: Role,
    clock: Clock,
    lifetime: timedelta,
    origin: Origin = NOWHERE,
    proved_at: datetime | None = None,
) -> SignedIn:
    """Open a session in the caller's transaction, and end the oldest where there are too many.

    `proved_at` is when the person last proved who they are; None: just now.
    """
    token, now, where = tokens.new_token(), clock.now(), origin.described()
    await _make_room(user_id, now, origin)
    session = await Session.create(
        user_id=user_id,
        token_hash=tokens.hash_token(token),
        created_at=now,
        authenticated_at=proved_at or now,
        last_used_at=now,
        expires_at=now + lifetime,
        device=where.get("device"),
        network=where.get("network"),
    )
    return SignedIn(Viewer(user_id, session.id, role), token)


async def _make_room(user_id: UUID, now: datetime, origin: Origin) -> None:
    await fetch("SELECT id FROM users WHERE id = $1 FOR UPDATE", user_id)  # two at once would both find room
    ended = await fetch(
        """DELETE FROM sessions WHERE id IN (
             SELECT id FROM sessions WHERE user_id = $1 AND expires_at > $2
             ORDER BY created_at DESC, id DESC OFFSET $3) RETURNING id""",
        user_id,
        now,
        MAX_SESSIONS - 1,
    )
    if ended:
        note = f"the oldest, because there were {MAX_SESSIONS}"
        await record(Action.SESSION_REVOKED, user_id, actor=user_id, origin=origin, details={"note": note})


async def viewer_of_session(token: str, clock: Clock, lifetime: timedelta, limit: timedelta) -> Viewer | None:
    """Return who a session token belongs to; None for one that is unknown, revoked or expired.

    Use keeps a session alive: it ends `lifetime` after the last, and `limit` after it was opened.
    """
    now = clock.now()
    row = await fetch_one(
        """SELECT s.id, s.user_id, s.last_used_at, u.role FROM sessions s JOIN users u ON u.id = s.user_id
           WHERE s.token_hash = $1 AND s.expires_at > $2 AND u.status IN ('ACTIVE', 'RESTRICTED')""",
        tokens.hash_token(token),
        now,
    )
    if row is None:
        return None
    if row["last_used_at"] <= now - USE_PRECISION:
        await execute(
            """UPDATE sessions SET last_used_at = $2::timestamptz,
               expires_at = LEAST($2::timestamptz + $3::interval, created_at + $4::interval)
               WHERE id = $1 AND last_used_at <= $5""",
            row["id"],
            now,
            lifetime,
            limit,
            now - USE_PRECISION,
        )
    return Viewer(row["user_id"], row["id"], Role(row["role"]))


async def own_sessions(viewer: Viewer, clock: Clock) -> list[SessionRecord]:
    """Return the viewer's live sessions, newest first, at most `MAX_SESSIONS`."""
    rows = await fetch(
        """SELECT id, device, network, created_at, last_used_at, expires_at FROM sessions
           WHERE user_id = $1 AND expires_at > $2 ORDER BY created_at DESC, id DESC LIMIT $3""",
        viewer.user_id,
        clock.now(),
        MAX_SESSIONS,
    )
    return [SessionRecord(**row) for row in rows]


async def revoke(viewer: Viewer, session_id: UUID, origin: Origin = NOWHERE) -> None:
    """End one of the viewer's own sessions; what is open on it ends within 5 seconds. Raises SessionNotFound."""
    async with transaction():
        ended = await fetch(
            "DELETE FROM sessions WHERE id = $1 AND user_id = $2 RETURNING device", session_id, viewer.user_id
        )
        if not ended:
            raise SessionNotFound("There is no such session of yours: it may have ended already.", path=("id",))
        note = {"note": ended[0]["device"]} if ended[0]["device"] else {}
        await record(Action.SESSION_REVOKED, viewer.user_id, actor=viewer.user_id, origin=origin, details=note)


async def hold(viewer: Viewer) -> None:
    """Hold the viewer's session for the caller's transaction, which makes what outlives it: a key, a way in.

    Whatever ends a person's sessions because one may be a thief's is not outrun by that thief. Raises SessionNotFound.
    """
    if await fetch_one("SELECT id FROM sessions WHERE id = $1 FOR KEY SHARE", viewer.session_id) is None:
        raise SessionNotFound("This sign-in was just ended: sign in again.")
