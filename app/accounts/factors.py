"""Second factors, as their owner sets them up and removes them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.accounts import lost_factors, passkeys, recovery_codes, sessions, totp, ways_in
from app.accounts.errors import FactorNotFound, PersonNotFound, TooManyPasskeys, TotpExists, WrongCredentials
from app.accounts.identity import display_name
from app.accounts.methods import second_methods
from app.accounts.notices import tell
from app.accounts.passkeys import RelyingParty
from app.accounts.step_up import require_fresh
from app.audit.service import Action, record
from app.core import idempotency
from app.core.db import Row, execute, fetch, fetch_one, transaction
from app.core.errors import InvalidInput
from app.core.ids import uuid7
from app.core.keys import keyed_hash
from app.core.origin import NOWHERE, Origin
from app.core.ports import Clock
from app.core.sealing import Sealer
from app.core.viewer import Viewer
from app.mail.kinds import MailKind

MAX_PASSKEYS = 10


class FactorKind(StrEnum):
    """Kinds of second factors."""

    TOTP = "TOTP"
    PASSKEY = "PASSKEY"


@dataclass(frozen=True, slots=True)
class Factor:
    """A second factor that is set up."""

    id: UUID
    kind: FactorKind
    name: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class TotpSecret:
    """What an authenticator app is given. It is shown until the first code of that app."""

    secret: str
    uri: str


async def second_factors(viewer: Viewer) -> list[Factor]:
    """Return the viewer's second factors."""
    rows = await fetch(
        """SELECT id, 'TOTP' AS kind, 'Authenticator app' AS name, confirmed_at AS created_at, last_used_at FROM totps
           WHERE user_id = $1 AND confirmed_at IS NOT NULL
           UNION ALL SELECT id, 'PASSKEY', name, created_at, last_used_at FROM passkeys WHERE user_id = $1
           ORDER BY created_at, id""",
        viewer.user_id,
    )
    return [Factor(**{**row, "kind": FactorKind(row["kind"])}) for row in rows]


async def begin_totp(viewer: Viewer, sealer: Sealer) -> TotpSecret:
    """Make a secret for an authenticator app; it counts once `confirm_totp` saw a code of it.

    Asked again, there is another one. Raises StepUpRequired, TotpExists.
    """
    await require_fresh(viewer)
    secret = totp.new_secret()
    async with transaction():
        user = await fetch_one("SELECT email FROM users WHERE id = $1 FOR UPDATE", viewer.user_id)
        if user is None:
            raise PersonNotFound("This account is gone.")
        rows = await fetch(
            """INSERT INTO totps (id, user_id, secret, created_at) VALUES ($1, $2, $3, now())
               ON CONFLICT (user_id) DO UPDATE SET secret = EXCLUDED.secret, created_at = now()
               WHERE totps.confirmed_at IS NULL RETURNING id""",
            uuid7(),
            viewer.user_id,
            sealer.seal(secret, viewer.user_id.bytes),
        )
    if not rows:
        raise TotpExists("An authenticator app is set up: remove it first, then set up another one.")
    return TotpSecret(totp.shown(secret), totp.uri(secret, user["email"]))


async def confirm_totp(viewer: Viewer, code: str, sealer: Sealer, clock: Clock, origin: Origin = NOWHERE) -> list[str]:
    """Set the app up that a code is from, and return recovery codes, which are shown once.

    Raises StepUpRequired, SessionNotFound, TotpExists, FactorNotFound, WrongCredentials.
    """
    await require_fresh(viewer)
    async with transaction():
        await fetch_one("SELECT id FROM users WHERE id = $1 FOR UPDATE", viewer.user_id)
        await sessions.hold(viewer)
        row = await fetch_one("SELECT secret, confirmed_at FROM totps WHERE user_id = $1", viewer.user_id)
        if row is None:
            raise FactorNotFound("Ask for a secret first: call this without a code.", path=("code",))
        if row["confirmed_at"]:
            raise TotpExists("An authenticator app is set up: remove it first, then set up another one.")
        secret = sealer.open(row["secret"], viewer.user_id.bytes)
        step = totp.fitting_step(secret, "".join(code.split()), clock.now(), 0)
        if step is None:
            raise WrongCredentials(
                "The code is not that of this secret now: check the clock of the device, and type the next one.",
                path=("code",),
            )
        await execute("UPDATE totps SET confirmed_at = now(), last_step = $2 WHERE user_id = $1", viewer.user_id, step)
        await record(Action.SECOND_FACTOR_ADDED, viewer.user_id, actor=viewer.user_id, origin=origin)
        await tell(viewer.user_id, MailKind.SECOND_FACTOR_ADDED)
        return await recovery_codes.renew(viewer.user_id)


async def begin_passkey(viewer: Viewer, party: RelyingParty) -> str:
    """Return the options that a browser makes a passkey by, as JSON.

    Raises StepUpRequired, SessionNotFound, TooManyPasskeys.
    """
    await require_fresh(viewer)
    async with transaction():
        user = await _counted(viewer)
        return await passkeys.creation_options(viewer.user_id, user["email"], user["display_name"], party)


async def confirm_passkey(
    viewer: Viewer, credential: str, name: str, party: RelyingParty, origin: Origin = NOWHERE
) -> list[str]:
    """Keep the passkey that a browser made; with a person's first factor return recovery codes, shown once.

    Raises StepUpRequired, SessionNotFound, TooManyPasskeys, WrongCredentials, InvalidInput for the name.
    """
    await require_fresh(viewer)
    try:
        called = display_name(name)
    except InvalidInput as error:
        raise InvalidInput(error.message, path=("name",)) from None
    async with transaction():
        await _counted(viewer)
        is_first = not await second_methods(viewer.user_id)
        made = await passkeys.created(credential, viewer.user_id, party)
        if await fetch("SELECT id FROM passkeys WHERE credential_id = $1", made.credential_id):
            raise TooManyPasskeys("This passkey is set up already.", path=("credential",))
        await execute(
            """INSERT INTO passkeys (id, user_id, credential_id, public_key, sign_count, name, created_at)
               VALUES ($1, $2, $3, $4, $5, $6, now())""",
            uuid7(),
            viewer.user_id,
            made.credential_id,
            made.public_key,
            made.sign_count,
            called,
        )
        await record(Action.SECOND_FACTOR_ADDED, viewer.user_id, actor=viewer.user_id, origin=origin)
        await tell(viewer.user_id, MailKind.PASSKEY_ADDED)
        return await recovery_codes.renew(viewer.user_id) if is_first else []


async def renew_recovery_codes(
    viewer: Viewer, *, key: str | None = None, hash_key: bytes = b"", origin: Origin = NOWHERE
) -> list[str]:
    """Replace the viewer's recovery codes and return the new ones, shown once; those of before work no more.

    The same idempotency `key` again makes none, and shows none. Raises StepUpRequired, SessionNotFound, FactorNotFound,
    IdempotencyMismatch, IdempotencyInProgress.
    """
    await require_fresh(viewer)
    operation, input_hash = "renewRecoveryCodes", keyed_hash(hash_key, b"")
    async with transaction():
        if key is not None and await idempotency.begin(viewer.user_id, operation, key, input_hash):
            return []
        await fetch_one("SELECT id FROM users WHERE id = $1 FOR UPDATE", viewer.user_id)
        await sessions.hold(viewer)
        if not await second_methods(viewer.user_id):
            raise FactorNotFound("Recovery codes stand in for a second factor: set one up first, they come with it.")
        codes = await recovery_codes.renew(viewer.user_id)
        await record(Action.RECOVERY_CODES_RENEWED, viewer.user_id, actor=viewer.user_id, origin=origin)
        await tell(viewer.user_id, MailKind.RECOVERY_CODES_RENEWED)
        if key is not None:
            await idempotency.finish(viewer.user_id, operation, key, input_hash, viewer.user_id)
        return codes


async def _counted(viewer: Viewer) -> Row:
    """Hold the viewer's account and session for the caller's transaction.

    Raises TooManyPasskeys, PersonNotFound, SessionNotFound.
    """
    user = await fetch_one("SELECT email, display_name FROM users WHERE id = $1 FOR UPDATE", viewer.user_id)
    if user is None:
        raise PersonNotFound("This account is gone.")
    await sessions.hold(viewer)
    if len(await fetch("SELECT id FROM passkeys WHERE user_id = $1", viewer.user_id)) >= MAX_PASSKEYS:
        raise TooManyPasskeys(f"You have {MAX_PASSKEYS} passkeys: remove one that you do not use.")
    return user


async def remove(viewer: Viewer, factor_id: UUID, origin: Origin = NOWHERE) -> None:
    """Remove a second factor, and with the last one the recovery codes. Raises StepUpRequired, FactorNotFound,
    and LastWayIn for a passkey that alone opens the account.
    """
    await require_fresh(viewer)
    async with transaction():
        await fetch_one("SELECT id FROM users WHERE id = $1 FOR UPDATE", viewer.user_id)
        rows = await fetch(
            """WITH app AS (DELETE FROM totps WHERE id = $1 AND user_id = $2 AND confirmed_at IS NOT NULL RETURNING id),
               passkey AS (DELETE FROM passkeys WHERE id = $1 AND user_id = $2 RETURNING id)
               SELECT id FROM app UNION ALL SELECT id FROM passkey""",
            factor_id,
            viewer.user_id,
        )
        if not rows:
            raise FactorNotFound("You have no such second factor.", path=("id",))
        await ways_in.require_one(viewer.user_id)
        left = await second_methods(viewer.user_id)
        if not left:
            await recovery_codes.forget(viewer.user_id)
        await lost_factors.end_for(viewer.user_id, origin)
        await record(Action.SECOND_FACTOR_REMOVED, viewer.user_id, actor=viewer.user_id, origin=origin)
        await tell(viewer.user_id, MailKind.ONE_FACTOR_REMOVED if left else MailKind.SECOND_FACTOR_REMOVED)
