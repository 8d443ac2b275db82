"""What apps get from people: a code, and for it tokens that rotate (RFC 6749, RFC 7636, RFC 9700)."""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from app.accounts import sessions, tokens
from app.accounts.clients import Client, scopes_of
from app.accounts.errors import PersonNotFound
from app.accounts.step_up import require_fresh
from app.audit.service import Action, record
from app.core.db import Row, execute, fetch_one, transaction
from app.core.errors import NotFound
from app.core.ids import uuid7
from app.core.origin import NOWHERE, Origin
from app.core.viewer import IN_WORDS, Scope, Viewer
from app.mail.kinds import MailKind
from app.mail.service import record_mail

CODE_LIFETIME = timedelta(seconds=60)
ACCESS_LIFETIME = timedelta(hours=1)
REFRESH_LIFETIME = timedelta(days=90)
GRANT_LIFETIME = timedelta(days=366)
"""After a year the person is asked again."""


class OAuthError(Exception):
    """`error` is a code of RFC 6749, section 4.1.2.1 or 5.2; the message says what to do."""

    def __init__(self, error: str, message: str) -> None:
        super().__init__(message)
        self.error = error
        self.message = message


SPENT = "This is spent, expired, revoked or another app's: ask the person again."


@dataclass(frozen=True, slots=True)
class Request:
    """What an app asks a person for, checked."""

    client: Client
    redirect: str
    scopes: frozenset[Scope]
    challenge: str
    """SHA-256 of the app's verifier (PKCE, S256)."""


@dataclass(frozen=True, slots=True)
class Issued:
    """Fresh tokens; they are shown once and never stored."""

    access: str
    refresh: str
    scopes: frozenset[Scope]


async def approve(viewer: Viewer, asked: Request, origin: Origin = NOWHERE) -> str:
    """Let an app in, and return the code that it gets its tokens for.

    Raises StepUpRequired, PersonNotFound, NotFound for an app that was removed meanwhile, and SessionNotFound where
    something has ended that session meanwhile: a reset, a suspension.
    """
    await require_fresh(viewer)
    code, grant_id = tokens.new_token(tokens.CODE_PREFIX), uuid7()
    async with transaction():
        person = await fetch_one(
            "SELECT display_name, confirmed_email FROM users WHERE id = $1 FOR UPDATE", viewer.user_id
        )
        if person is None:
            raise PersonNotFound("This account is gone.")
        if await fetch_one("SELECT id FROM app_clients WHERE id = $1 FOR KEY SHARE", asked.client.id) is None:
            raise NotFound("This app is no longer registered: nothing was allowed.")
        await sessions.hold(viewer)
        await execute(
            """INSERT INTO app_grants (id, user_id, client_id, scopes, redirect, challenge, created_at, expires_at)
               VALUES ($1, $2, $3, $4, $5, $6, now(), now() + $7::interval)""",
            grant_id,
            viewer.user_id,
            asked.client.id,
            _text(asked.scopes),
            asked.redirect,
            asked.challenge,
            GRANT_LIFETIME,
        )
        await _issue(grant_id, "CODE", code, asked.scopes, CODE_LIFETIME)
        note = {"note": f"{asked.client.name}: {', '.join(sorted(asked.scopes))}"}
        await record(Action.APP_CONNECTED, viewer.user_id, actor=viewer.user_id, origin=origin, details=note)
        if person["confirmed_email"]:
            words = " ".join(IN_WORDS[scope] for scope in sorted(asked.scopes))
            values = {"name": person["display_name"], "app": asked.client.name, "scopes": words}
            address = person["confirmed_email"]
            await record_mail(MailKind.APP_CONNECTED, address, person=viewer.user_id, values=values)
    return code


async def exchange(client: Client, code: str, redirect: str, verifier: str) -> Issued:
    """Return tokens for a code, once. Using it again ends the grant. Raises OAuthError."""
    async with transaction():
        found = await _take(client, "CODE", code)
        if found is not None:
            digest = urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
            if hmac.compare_digest(digest, found["challenge"]) and redirect == found["redirect"]:
                return await _renew(found["grant_id"], scopes_of(found["granted"]), scopes_of(found["granted"]))
    raise OAuthError("invalid_grant", SPENT)


async def refresh(client: Client, token: str, scopes: frozenset[Scope] | None) -> Issued:
    """Return new tokens for a refresh token, once. Using it again ends the grant. Raises OAuthError.

    `scopes` are those of the access token: some of the grant's, or None for all of them.
    """
    async with transaction():
        found = await _take(client, "REFRESH", token)
        if found is not None:
            granted = scopes_of(found["granted"])
            if scopes is not None and not scopes <= granted:
                raise OAuthError("invalid_scope", "The person has not let the app do that: ask them again.")
            return await _renew(found["grant_id"], granted, granted if scopes is None else scopes)
    raise OAuthError("invalid_grant", SPENT)


async def give_back(client: Client, token: str) -> None:
    """End the grant of a token that an app no longer wants (RFC 7009); nothing for what is no token of that app."""
    async with transaction():
        row = await fetch_one(
            """SELECT g.id AS grant_id, g.user_id FROM app_tokens t JOIN app_grants g ON g.id = t.grant_id
               WHERE t.token_hash = $1 AND t.kind IN ('ACCESS', 'REFRESH') AND g.client_id = $2""",
            tokens.hash_token(token),
            client.id,
        )
        if row is not None:
            await _end(row["grant_id"], row["user_id"], Action.APP_DISCONNECTED, client.name)


async def _take(client: Client, kind: str, token: str) -> Row | None:
    """Spend a token in the caller's transaction; one that was spent before ends its grant, which commits."""
    row = await fetch_one(
        """SELECT t.id, t.grant_id, t.spent_at, t.expires_at > now() AND g.expires_at > now() AS live, g.user_id,
                  g.scopes AS granted, g.redirect, g.challenge
           FROM app_tokens t JOIN app_grants g ON g.id = t.grant_id JOIN users u ON u.id = g.user_id
           WHERE t.token_hash = $1 AND t.kind = $2 AND g.client_id = $3 AND u.status IN ('ACTIVE', 'RESTRICTED')
           FOR UPDATE OF g, t""",
        tokens.hash_token(token),
        kind,
        client.id,
    )
    if row is None:
        return None
    if row["spent_at"] is not None:
        await _end(row["grant_id"], row["user_id"], Action.APP_TOKEN_REUSED, client.name)
        return None
    await execute("UPDATE app_tokens SET spent_at = now() WHERE id = $1", row["id"])
    return row if row["live"] else None


async def _renew(grant_id: UUID, granted: frozenset[Scope], scopes: frozenset[Scope]) -> Issued:
    await execute("DELETE FROM app_tokens WHERE grant_id = $1 AND expires_at < now()", grant_id)
    issued = Issued(tokens.new_token(tokens.ACCESS_PREFIX), tokens.new_token(tokens.REFRESH_PREFIX), scopes)
    await _issue(grant_id, "ACCESS", issued.access, scopes, ACCESS_LIFETIME)
    await _issue(grant_id, "REFRESH", issued.refresh, granted, REFRESH_LIFETIME)
    return issued


async def _issue(grant_id: UUID, kind: str, token: str, scopes: frozenset[Scope], lifetime: timedelta) -> None:
    await execute(
        """INSERT INTO app_tokens (id, grant_id, kind, token_hash, scopes, expires_at)
           VALUES ($1, $2, $3, $4, $5, now() + $6::interval)""",
        uuid7(),
        grant_id,
        kind,
        tokens.hash_token(token),
        _text(scopes),
        lifetime,
    )


async def _end(grant_id: UUID, user_id: UUID, action: Action, name: str) -> None:
    await execute("DELETE FROM app_grants WHERE id = $1", grant_id)
    await record(action, user_id, actor=user_id, details={"note": name})


def _text(scopes: frozenset[Scope]) -> str:
    return " ".join(sorted(scopes))
