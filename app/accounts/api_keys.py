"""API keys: what a person gives a front end of somebody else's, so that it can do some things for them."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import orjson

from app.accounts import sessions, tokens
from app.accounts.errors import PersonNotFound, TooManyKeys
from app.accounts.identity import display_name
from app.accounts.step_up import require_fresh
from app.audit.service import Action, record
from app.core import idempotency
from app.core.db import Row, execute, fetch, fetch_one, transaction
from app.core.errors import InvalidInput, NotFound
from app.core.ids import uuid7
from app.core.keys import keyed_hash
from app.core.origin import NOWHERE, Origin
from app.core.ports import Clock
from app.core.viewer import IN_WORDS, Scope, Viewer
from app.mail.kinds import MailKind
from app.mail.service import record_mail

NONE = "There is no such API key of yours."
MAX_KEYS = 20
MAX_ORIGINS = 10
MAX_LIFETIME = timedelta(days=366)
"""How long a key lives at most, and where nobody says how long."""
KEEP_EXPIRED = timedelta(days=30)
"""So that a person whose app stopped working finds out why."""
_ORIGIN = re.compile(
    r"(https://[a-z0-9.-]{1,253}|https?://(localhost|127\.0\.0\.1|\[::1\]))(:[1-9][0-9]{0,4})?", re.ASCII
)
_COLUMNS = "id, name, last_four, scopes, origins, created_at, expires_at, last_used_at"


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A key as its owner sees it."""

    id: UUID
    name: str
    last_four: str
    scopes: tuple[Scope, ...]
    origins: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    """The beginning of the hour."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """What a person says about a key that they want."""

    name: str
    scopes: Collection[Scope]
    expires_at: datetime | None = None
    origins: Sequence[str] = ()


async def own_keys(viewer: Viewer) -> list[KeyRecord]:
    """Return the viewer's keys, newest first: at most `MAX_KEYS`."""
    rows = await fetch(
        f"SELECT {_COLUMNS} FROM api_keys WHERE user_id = $1 ORDER BY id DESC LIMIT $2",  # noqa: S608
        viewer.user_id,
        MAX_KEYS,
    )
    return [_record(row) for row in rows]


async def create(
    viewer: Viewer, wanted: NewKey, *, key: str | None, clock: Clock, hash_key: bytes, origin: Origin = NOWHERE
) -> tuple[KeyRecord, str | None]:
    """Make an API key; return it with its secret, which nothing can show again.

    The same idempotency `key` and input return the same API key without its secret.
    Raises StepUpRequired, InvalidInput, TooManyKeys, IdempotencyMismatch, IdempotencyInProgress, and SessionNotFound
    where the session was just ended.
    """
    await require_fresh(viewer)
    now = clock.now()
    made = _checked(wanted, now)
    given = [wanted.name, sorted(wanted.scopes), wanted.expires_at, list(wanted.origins)]
    input_hash = keyed_hash(hash_key, orjson.dumps(given))
    secret = tokens.new_token(tokens.KEY_PREFIX)
    async with transaction():
        if key is not None:
            earlier = await idempotency.begin(viewer.user_id, "createApiKey", key, input_hash)
            if earlier is not None:
                return await _own_key(viewer.user_id, earlier), None
        person = await _room_for_one(viewer)
        made_id = await _insert(viewer.user_id, made, secret, now)
        scopes = sorted(made.scopes)
        note = f"{made.name}: {', '.join(scopes)}"
        await record(
            Action.API_KEY_CREATED, viewer.user_id, actor=viewer.user_id, origin=origin, details={"note": note}
        )
        if person["confirmed_email"]:
            words = " ".join(IN_WORDS[scope] for scope in scopes)
            values = {"name": person["display_name"], "key": made.name, "scopes": words}
            await record_mail(MailKind.API_KEY_CREATED, person["confirmed_email"], person=viewer.user_id, values=values)
        if key is not None:
            await idempotency.finish(viewer.user_id, "createApiKey", key, input_hash, made_id)
        return await _own_key(viewer.user_id, made_id), secret


async def revoke(viewer: Viewer, key_id: UUID, origin: Origin = NOWHERE) -> None:
    """End a key; what is open with it is closed within seconds. Raises NotFound."""
    async with transaction():
        row = await fetch_one(
            "DELETE FROM api_keys WHERE id = $1 AND user_id = $2 RETURNING name", key_id, viewer.user_id
        )
        if row is None:
            raise NotFound(NONE, path=("id",))
        await idempotency.forget([key_id])
        await record(
            Action.API_KEY_REVOKED,
            viewer.user_id,
            actor=viewer.user_id,
            origin=origin,
            details={"note": row["name"]},
        )


async def revoke_all(user_id: UUID) -> None:
    """End all keys of a person, in the caller's transaction."""
    rows = await fetch("DELETE FROM api_keys WHERE user_id = $1 RETURNING id", user_id)
    await idempotency.forget([row["id"] for row in rows])


async def _own_key(user_id: UUID, key_id: UUID) -> KeyRecord:
    row = await fetch_one(
        f"SELECT {_COLUMNS} FROM api_keys WHERE id = $1 AND user_id = $2",  # noqa: S608
        key_id,
        user_id,
    )
    if row is None:
        raise NotFound(NONE)
    return _record(row)


def _checked(wanted: NewKey, now: datetime) -> NewKey:
    """Return the key with a clean name, its origins once each, and a time that it expires at."""
    if not wanted.scopes:
        raise InvalidInput("A key without scopes can do nothing: name at least one.", path=("scopes",))
    expires_at = wanted.expires_at or now + MAX_LIFETIME
    if expires_at.tzinfo is None or not now < expires_at <= now + MAX_LIFETIME:
        raise InvalidInput(
            f"Name a time in the next {MAX_LIFETIME.days} days, with its offset from UTC.", path=("expiresAt",)
        )
    origins = tuple(dict.fromkeys(origin.lower() for origin in wanted.origins))
    if len(origins) > MAX_ORIGINS or not all(_ORIGIN.fullmatch(origin) for origin in origins):
        raise InvalidInput(
            f"Name up to {MAX_ORIGINS} origins such as `https://app.example`: no path, `http` on this machine only.",
            path=("allowedOrigins",),
        )
    return NewKey(display_name(wanted.name, "name"), frozenset(wanted.scopes), expires_at, origins)


async def _room_for_one(viewer: Viewer) -> Row:
    """Return the person, held for the caller's transaction, so that keys are counted one at a time."""
    person = await fetch_one("SELECT display_name, confirmed_email FROM users WHERE id = $1 FOR UPDATE", viewer.user_id)
    if person is None:
        raise PersonNotFound("This account is gone.")
    await sessions.hold(viewer)
    [counted] = await fetch("SELECT count(*) AS keys FROM api_keys WHERE user_id = $1", viewer.user_id)
    if counted["keys"] >= MAX_KEYS:
        raise TooManyKeys(f"You have {MAX_KEYS} API keys: revoke one that you no longer use.")
    return person


async def _insert(user_id: UUID, made: NewKey, secret: str, now: datetime) -> UUID:
    key_id = uuid7()
    await execute(
        """INSERT INTO api_keys (id, user_id, name, token_hash, last_four, scopes, origins, created_at, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)""",
        key_id,
        user_id,
        made.name,
        tokens.hash_token(secret),
        secret[-4:],
        " ".join(sorted(made.scopes)),
        " ".join(made.origins),
        now,
        made.expires_at,
    )
    return key_id


def _record(row: Row) -> KeyRecord:
    granted = row["scopes"].split()
    scopes = tuple(scope for scope in Scope if scope.value in granted)
    return KeyRecord(**{**row, "scopes": scopes, "origins": tuple(row["origins"].split())})
