"""Who a token belongs to: a session's, an app's, or an API key."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from uuid import UUID

from app.accounts import tokens
from app.accounts.clients import scopes_of
from app.accounts.errors import OtherPage
from app.accounts.sessions import viewer_of_session
from app.core.db import execute, fetch, fetch_one
from app.core.ports import Clock
from app.core.viewer import Role, Viewer


async def viewer_of(token: str, clock: Clock, page: str | None, lifetime: timedelta, limit: timedelta) -> Viewer | None:
    """Return who a token belongs to; None for one that is unknown, revoked or expired.

    `page` is the web origin that a browser sent it from; a session lives on for `lifetime` after its last use, up to
    `limit`. Raises OtherPage for a key that is not for that page.
    """
    if len(token) > tokens.MAX_LENGTH:
        return None
    if token.startswith(tokens.ACCESS_PREFIX):
        return await _viewer_of_app(token, clock)
    if token.startswith(tokens.KEY_PREFIX):
        return await _viewer_of_key(token, clock, page)
    return await viewer_of_session(token, clock, lifetime, limit) if token.startswith(tokens.PREFIX) else None


async def live(ids: Collection[UUID], clock: Clock) -> Mapping[UUID, Role]:
    """Return those of the sessions, API keys and apps' tokens that live, with their person's role now: one statement
    for any number.
    """
    rows = await fetch(
        """SELECT s.id, u.role FROM sessions s JOIN users u ON u.id = s.user_id
           WHERE s.id = ANY($1) AND s.expires_at > $2 AND u.status IN ('ACTIVE', 'RESTRICTED')
           UNION ALL
           SELECT k.id, u.role FROM api_keys k JOIN users u ON u.id = k.user_id
           WHERE k.id = ANY($1) AND k.expires_at > $2 AND u.status IN ('ACTIVE', 'RESTRICTED')
           UNION ALL
           SELECT t.id, u.role FROM app_tokens t JOIN app_grants g ON g.id = t.grant_id JOIN users u ON u.id = g.user_id
           WHERE t.id = ANY($1) AND least(t.expires_at, g.expires_at) > $2 AND u.status IN ('ACTIVE', 'RESTRICTED')""",
        list(ids),
        clock.now(),
    )
    return {row["id"]: Role(row["role"]) for row in rows}


async def _viewer_of_key(secret: str, clock: Clock, page: str | None) -> Viewer | None:
    now = clock.now()
    row = await fetch_one(
        """SELECT k.id, k.user_id, k.scopes, k.origins, k.last_used_at, u.role
           FROM api_keys k JOIN users u ON u.id = k.user_id
           WHERE k.token_hash = $1 AND k.expires_at > $2 AND u.status IN ('ACTIVE', 'RESTRICTED')""",
        tokens.hash_token(secret),
        now,
    )
    if row is None:
        return None
    if page is not None and page.lower() not in row["origins"].split():
        raise OtherPage("This API key is not for pages of this origin: make one that names it in `allowedOrigins`.")
    hour = now.replace(minute=0, second=0, microsecond=0)
    if row["last_used_at"] is None or row["last_used_at"] < hour:
        await execute("UPDATE api_keys SET last_used_at = $2 WHERE id = $1", row["id"], hour)
    return Viewer(row["user_id"], row["id"], Role(row["role"]), scopes_of(row["scopes"]))


async def _viewer_of_app(token: str, clock: Clock) -> Viewer | None:
    row = await fetch_one(
        """SELECT t.id, t.scopes, g.user_id, u.role
           FROM app_tokens t JOIN app_grants g ON g.id = t.grant_id JOIN users u ON u.id = g.user_id
           WHERE t.token_hash = $1 AND t.kind = 'ACCESS' AND least(t.expires_at, g.expires_at) > $2
             AND u.status IN ('ACTIVE', 'RESTRICTED')""",
        tokens.hash_token(token),
        clock.now(),
    )
    return Viewer(row["user_id"], row["id"], Role(row["role"]), scopes_of(row["scopes"])) if row else None
