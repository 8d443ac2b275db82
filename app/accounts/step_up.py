"""Step-up: what is hard to undo asks for a proof that is at most ten minutes old, whatever the age of the session."""

from collections.abc import Sequence
from datetime import timedelta

from app.accounts import passwords
from app.accounts.errors import StepUpRequired, WrongCredentials
from app.accounts.methods import Method, fresh_methods
from app.accounts.passkeys import RelyingParty
from app.accounts.proofs import accept_code, accept_passkey
from app.audit.service import Action, record
from app.core.db import execute, fetch_one, transaction
from app.core.origin import NOWHERE, Origin
from app.core.ports import Clock
from app.core.sealing import Sealer
from app.core.viewer import Viewer

FRESH = timedelta(minutes=10)


async def require_fresh(viewer: Viewer) -> None:
    """Raise StepUpRequired unless the viewer proved who they are within ten minutes."""
    row = await fetch_one(
        "SELECT authenticated_at > now() - $2::interval AS fresh FROM sessions WHERE id = $1", viewer.session_id, FRESH
    )
    if row is None or not row["fresh"]:
        raise StepUpRequired(
            "Prove that it is you: call `reauthenticate`, then send this again within ten minutes.",
            await fresh_methods(viewer.user_id),
        )


async def reauthenticate(
    viewer: Viewer, password: str | None, code: str | None, sealer: Sealer, clock: Clock, origin: Origin = NOWHERE
) -> None:
    """Open ten minutes with one of the methods that are open to the person.

    Raises StepUpRequired where what was sent is none of them, WrongCredentials, TooManyCodes.
    """
    methods = await fresh_methods(viewer.user_id)
    if Method.PASSWORD in methods and password is not None:
        await _check_password(viewer, password)
        await open_ten_minutes(viewer, origin)
    elif Method.PASSWORD not in methods and code is not None:
        async with transaction():
            await fetch_one("SELECT id FROM users WHERE id = $1 FOR UPDATE", viewer.user_id)  # before any factor
            accepted = await accept_code(viewer.user_id, code, sealer, clock, origin)
            if accepted:
                await open_ten_minutes(viewer, origin)
        if not accepted:
            raise WrongCredentials("The code is wrong, or was used already.", path=("code",))
    else:
        raise StepUpRequired(_what_to_do(methods), methods)


def _what_to_do(methods: Sequence[Method]) -> str:
    if Method.PASSWORD in methods:
        return "Send your password."
    if {Method.TOTP, Method.PASSKEY} & set(methods):
        return "Send a code: the password alone does not do any more."
    return "Open `/account/prove` in the browser that you are signed in with: your provider asks you there."


async def _check_password(viewer: Viewer, password: str) -> None:
    row = await fetch_one("SELECT password_hash FROM users WHERE id = $1", viewer.user_id)
    if not await passwords.verify_password(password, row["password_hash"] if row else None):
        raise WrongCredentials("The password is wrong.", path=("password",))


async def open_ten_minutes(viewer: Viewer, origin: Origin) -> None:
    """Note that the viewer just proved who they are."""
    async with transaction():
        await execute(
            """UPDATE sessions SET authenticated_at = now(),
                 rotate_at = CASE WHEN rotate_at IS NOT NULL THEN now() END  -- with the next request of the browser
               WHERE id = $1""",
            viewer.session_id,
        )
        await record(Action.REAUTHENTICATED, viewer.user_id, actor=viewer.user_id, origin=origin)


async def reauthenticate_with_passkey(
    viewer: Viewer, credential: str, party: RelyingParty, origin: Origin = NOWHERE
) -> None:
    """Open ten minutes with a passkey of the person's. Raises WrongCredentials."""
    async with transaction():
        await accept_passkey(credential, viewer.user_id, party, origin)
        await open_ten_minutes(viewer, origin)
