"""Second factors, as their owner sets them up and removes them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.accounts import lost_factors, recovery_codes, totp
from app.accounts.errors import FactorNotFound, PersonNotFound, TotpExists, WrongCredentials
from app.accounts.notices import tell
from app.accounts.step_up import require_fresh
from app.audit.service import Action, record
from app.core.db import execute, fetch, fetch_one, transaction
from app.core.ids import uuid7
from app.core.origin import NOWHERE, Origin
from app.core.ports import Clock
from app.core.sealing import Sealer
from app.core.viewer import Viewer
from app.mail.wording import MailKind


class FactorKind(StrEnum):
    """Kinds of second factors."""

    TOTP = "TOTP"


@dataclass(frozen=True, slots=True)
class Factor:
    """A second factor that is set up."""

    id: UUID
    kind: FactorKind
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
        """SELECT id, confirmed_at AS created_at, last_used_at FROM totps
           WHERE user_id = $1 AND confirmed_at IS NOT NULL""",
        viewer.user_id,
    )
    return [Factor(kind=FactorKind.TOTP, **row) for row in rows]


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

    Raises StepUpRequired, TotpExists, FactorNotFound, WrongCredentials.
    """
    await require_fresh(viewer)
    async with transaction():
        row = await fetch_one("SELECT secret, confirmed_at FROM totps WHERE user_id = $1 FOR UPDATE", viewer.user_id)
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


async def remove(viewer: Viewer, factor_id: UUID, origin: Origin = NOWHERE) -> None:
    """Remove a second factor, and with the last one the recovery codes. Raises StepUpRequired, FactorNotFound."""
    await require_fresh(viewer)
    async with transaction():
        rows = await fetch(
            "DELETE FROM totps WHERE id = $1 AND user_id = $2 AND confirmed_at IS NOT NULL RETURNING id",
            factor_id,
            viewer.user_id,
        )
        if not rows:
            raise FactorNotFound("You have no such second factor.", path=("id",))
        await recovery_codes.forget(viewer.user_id)
        await lost_factors.end_for(viewer.user_id, origin)
        await record(Action.SECOND_FACTOR_REMOVED, viewer.user_id, actor=viewer.user_id, origin=origin)
        await tell(viewer.user_id, MailKind.SECOND_FACTOR_REMOVED)
