"""Codes that prove a second factor, wherever one is asked for: signing in and step-up."""

from datetime import timedelta
from uuid import UUID

import structlog
from cryptography.exceptions import InvalidTag

from app.accounts import lost_factors, passkeys, recovery_codes, totp
from app.accounts.errors import TooManyCodes
from app.accounts.methods import Method
from app.accounts.notices import tell
from app.accounts.passkeys import RelyingParty
from app.audit.service import Action, record
from app.core.db import execute, fetch_one
from app.core.origin import NOWHERE, Origin
from app.core.ports import Clock
from app.core.sealing import Sealer
from app.mail.kinds import MailKind

MAX_FAILURES = 20
"""Wrong codes of an app within `FAILURES_COUNT_FOR`: each has 3 chances in a million."""
FAILURES_COUNT_FOR = timedelta(days=1)
MAX_LENGTH = 64
"""Characters of a code that are looked at."""

log = structlog.get_logger(__name__)


async def accept_code(
    user_id: UUID, code: str, sealer: Sealer, clock: Clock, origin: Origin = NOWHERE
) -> Method | None:
    """Return what a code proved, in the caller's transaction; None, which is counted, where it is wrong.

    The caller commits also where it is wrong. What was proved is not lost: a recovery of the account ends. Raises
    TooManyCodes for an app's code after 20 wrong ones of a day; recovery codes are too long to be guessed, and still
    work.
    """
    method = await _prove(user_id, code, sealer, clock, origin)
    if method is not None:
        await lost_factors.end_for(user_id, origin)
    return method


async def accept_passkey(credential: str, asked: UUID | None, party: RelyingParty, origin: Origin = NOWHERE) -> UUID:
    """Return whose passkey signed, in the caller's transaction; a recovery of theirs ends. Raises WrongCredentials."""
    user_id = await passkeys.proved(credential, asked, party)
    await lost_factors.end_for(user_id, origin)
    return user_id


async def _prove(user_id: UUID, code: str, sealer: Sealer, clock: Clock, origin: Origin) -> Method | None:
    plain = "".join(code[:MAX_LENGTH].split()).replace("-", "")
    if len(plain) == totp.DIGITS and plain.isascii() and plain.isdigit():
        return Method.TOTP if await _accept_totp(user_id, plain, sealer, clock) else None
    if not await recovery_codes.use(user_id, plain):
        return None
    await record(Action.RECOVERY_CODE_USED, user_id, actor=user_id, origin=origin)
    await tell(user_id, MailKind.RECOVERY_CODE_USED, {"left": str(await recovery_codes.left(user_id))})
    return Method.RECOVERY_CODE


async def _accept_totp(user_id: UUID, code: str, sealer: Sealer, clock: Clock) -> bool:
    row = await fetch_one(
        """SELECT secret, last_step, failures >= $2 AND failing_since > now() - $3::interval AS blocked
           FROM totps WHERE user_id = $1 AND confirmed_at IS NOT NULL FOR UPDATE""",
        user_id,
        MAX_FAILURES,
        FAILURES_COUNT_FOR,
    )
    if row is None:
        return False
    if row["blocked"]:
        raise TooManyCodes("Too many wrong codes within a day: use a recovery code, or wait.", path=("code",))
    try:
        secret = sealer.open(row["secret"], user_id.bytes)
    except InvalidTag:  # the service has another key than when it was sealed
        log.error("totp.unreadable")
        return False
    step = totp.fitting_step(secret, code, clock.now(), row["last_step"])
    if step is None:
        await _count_failure(user_id)
        return False
    await execute("UPDATE totps SET last_step = $2, last_used_at = now() WHERE user_id = $1", user_id, step)
    return True


async def _count_failure(user_id: UUID) -> None:
    await execute(
        """UPDATE totps SET
             failures = CASE WHEN failing_since > now() - $2::interval THEN failures + 1 ELSE 1 END,
             failing_since = CASE WHEN failing_since > now() - $2::interval THEN failing_since ELSE now() END
           WHERE user_id = $1""",
        user_id,
        FAILURES_COUNT_FOR,
    )
