"""Sessions of browsers: their token is in a cookie, and is replaced after an hour of use (RFC 9700, section 4.14.2).

A browser sends several requests at once, and an answer may get lost: so a token that was replaced stays good for a
minute, and is told its successor until that was seen. Who comes with it after that has a copy: the session ends.
"""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.accounts import tokens
from app.accounts.sessions import SignedIn
from app.audit.service import Action, record
from app.core.db import Row, execute, fetch, fetch_one, transaction
from app.core.ports import Clock
from app.core.viewer import Role, Viewer

ROTATION = timedelta(hours=1)
GRACE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class BrowserUse:
    """Whose session a browser came with; `token` is what its cookie has to hold from now on, where that changed."""

    viewer: Viewer
    token: str | None = None


@dataclass(frozen=True, slots=True)
class BrowserSessions:
    """The sessions of browsers at one service."""

    key: bytes
    """Derived for successors alone: who has a token cannot tell the next one."""
    clock: Clock
    lifetime: timedelta
    limit: timedelta

    async def adopt(self, opened: SignedIn) -> str:
        """Turn a session that was just opened into a browser's, and return its token: the one it had is worth nothing.

        A session keeps the id that it was opened with.
        """
        token = tokens.new_token(tokens.BROWSER_PREFIX)
        await execute(
            "UPDATE sessions SET token_hash = $2, rotate_at = $3 WHERE id = $1",
            opened.viewer.session_id,
            tokens.hash_token(token),
            self.clock.now() + ROTATION,
        )
        return token

    async def use(self, token: str, *, replaceable: bool = True) -> BrowserUse | None:
        """Return whose a token is; None for one that is unknown, ended or expired.

        `replaceable`: the caller can hand out a new token. Reuse of a replaced one ends the session, on record.
        """
        if not token.startswith(tokens.BROWSER_PREFIX) or len(token) > tokens.MAX_LENGTH:
            return None
        now, hashed = self.clock.now(), tokens.hash_token(token)
        row = await fetch_one(
            """SELECT s.id, s.user_id, s.token_hash, s.previous_hash, s.previous_until, s.last_used_at,
                      s.rotate_at, u.role
               FROM sessions s JOIN users u ON u.id = s.user_id
               WHERE (s.token_hash = $1 OR s.previous_hash = $1) AND s.rotate_at IS NOT NULL AND s.expires_at > $2
                 AND u.status IN ('ACTIVE', 'RESTRICTED')""",
            hashed,
            now,
        )
        if row is None:
            return None
        viewer = Viewer(row["user_id"], row["id"], Role(row["role"]))
        if row["token_hash"] != hashed:
            return await self._use_replaced(row, viewer, token, now)
        if replaceable and row["rotate_at"] <= now:
            await self._replace(row["id"], hashed, self._successor(token), now)
            return BrowserUse(viewer, self._successor(token))
        if row["previous_hash"] and row["previous_until"] is None:
            await execute(
                "UPDATE sessions SET previous_until = $3 WHERE id = $1 AND token_hash = $2 AND previous_until IS NULL",
                row["id"],
                hashed,
                row["last_used_at"] + GRACE,
            )
        return BrowserUse(viewer)

    async def _use_replaced(self, row: Row, viewer: Viewer, token: str, now: datetime) -> BrowserUse | None:
        if now <= row["last_used_at"] + GRACE:  # `_replace` was the last to write that
            on_its_way_or_lost = row["previous_until"] is None
            return BrowserUse(viewer, self._successor(token) if on_its_way_or_lost else None)
        async with transaction():
            if await fetch("DELETE FROM sessions WHERE id = $1 RETURNING id", viewer.session_id):
                await record(Action.SESSION_TOKEN_REUSED, viewer.user_id, actor=viewer.user_id)
        return None

    async def _replace(self, session_id: UUID, hashed: str, successor: str, now: datetime) -> None:
        """Replace a token; where somebody else just did, it was by the same one."""
        await execute(
            """UPDATE sessions SET token_hash = $3, previous_hash = $2, previous_until = NULL,
                 rotate_at = $4::timestamptz + $5::interval, last_used_at = $4::timestamptz,
                 expires_at = LEAST($4::timestamptz + $6::interval, created_at + $7::interval)
               WHERE id = $1 AND token_hash = $2""",
            session_id,
            hashed,
            tokens.hash_token(successor),
            now,
            ROTATION,
            self.lifetime,
            self.limit,
        )

    def _successor(self, token: str) -> str:
        """Return the token that follows: always the same one, so that nothing of it need be kept to say it again."""
        digest = hmac.digest(self.key, token.encode(), "sha256")
        return tokens.BROWSER_PREFIX + urlsafe_b64encode(digest).decode().rstrip("=")
