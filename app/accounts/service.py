"""Commands: sign up, sign in, sign out."""

from dataclasses import dataclass
from datetime import timedelta

from app.accounts import attestation, challenges, passkeys, passwords
from app.accounts.addresses import ask_to_confirm
from app.accounts.challenges import Challenge
from app.accounts.errors import WrongCredentials
from app.accounts.identity import display_name, known_form, normal_email
from app.accounts.methods import second_methods
from app.accounts.models import User
from app.accounts.passkeys import RelyingParty
from app.accounts.proofs import accept_code, accept_passkey
from app.accounts.sessions import SignedIn, open_session
from app.accounts.status import check_active
from app.audit.service import Action, record
from app.core.db import execute, fetch_one, transaction
from app.core.ids import uuid7
from app.core.origin import NOWHERE, Origin
from app.core.ports import Clock
from app.core.sealing import Sealer
from app.core.viewer import Role, Viewer
from app.policy.service import record_acceptance


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What a person says when they sign up."""

    email: str
    password: str
    display_name: str
    adult: bool
    policy_version: str


async def sign_up(account: NewAccount, clock: Clock, lifetime: timedelta, origin: Origin = NOWHERE) -> SignedIn:
    """Make an account, sign it in, and mail a link to its address.

    An address that has an account already makes no difference to whoever asks: the new account cannot confirm it.
    Raises InvalidInput, WeakPassword, AdultsOnly (policy, P23), OtherPolicyVersion.
    """
    email = normal_email(account.email)
    name = display_name(account.display_name)
    await passwords.check_strength(account.password, email, name)
    policy = await attestation.check_attested(account.adult, account.policy_version, clock)
    encoded = await passwords.hash_password(account.password)
    now = clock.now()
    user_id = uuid7()
    async with transaction():
        await User.create(
            id=user_id,
            email=email,
            password_hash=encoded,
            display_name=name,
            role=Role.USER.value,
            adult_attested_at=now,
            policy_version=account.policy_version,
            created_at=now,
        )
        await record(Action.SIGNED_UP, user_id, actor=user_id, origin=origin)
        await record_acceptance(user_id, policy, now)
        await ask_to_confirm(user_id, email)
        return await open_session(user_id, Role.USER, clock, lifetime, origin)


async def sign_in(
    email: str, password: str, clock: Clock, lifetime: timedelta, origin: Origin = NOWHERE
) -> SignedIn | Challenge:
    """Open a session for the account that confirmed the address; with a second factor, make a challenge instead.

    Raises WrongCredentials, after the same time whether or not the address is known, and AccountRestricted for a
    suspended account whose password is right, and enough.
    """
    row = await fetch_one("SELECT id, password_hash, role FROM users WHERE confirmed_email = $1", known_form(email))
    fits = await passwords.verify_password(password, row["password_hash"] if row else None)
    if row is None or not fits:
        raise WrongCredentials(
            "The address or the password is wrong, or the address was never confirmed: check both, and your mail."
        )
    stronger = await passwords.hash_password(password) if passwords.needs_rehash(row["password_hash"]) else None
    async with transaction():
        now = await fetch_one("SELECT password_hash, status FROM users WHERE id = $1 FOR UPDATE", row["id"])
        if now is None or now["password_hash"] != row["password_hash"]:  # a reset has ended what the old one opens
            raise WrongCredentials("The password was just changed: sign in with the new one.")
        if stronger:
            await execute("UPDATE users SET password_hash = $2 WHERE id = $1", row["id"], stronger)
        if methods := await second_methods(row["id"]):
            return await challenges.issue(row["id"], methods)
        await check_active(row["id"], now["status"])
        await record(Action.SIGNED_IN, row["id"], actor=row["id"], origin=origin)
        return await open_session(row["id"], Role(row["role"]), clock, lifetime, origin)


async def complete_sign_in(
    challenge: str, code: str, sealer: Sealer, clock: Clock, lifetime: timedelta, origin: Origin = NOWHERE
) -> SignedIn:
    """Open the session that a challenge is for, with a code of the app or a recovery code.

    Raises ChallengeSpent, WrongCredentials, TooManyCodes, AccountRestricted.
    """
    async with transaction():
        held = await challenges.hold(challenge)
        row = await fetch_one("SELECT role, status FROM users WHERE id = $1", held.user_id)
        if row is not None:
            if await accept_code(held.user_id, code, sealer, clock, origin):
                await check_active(held.user_id, row["status"])
                await challenges.end(held)
                await record(Action.SIGNED_IN, held.user_id, actor=held.user_id, origin=origin)
                return await open_session(held.user_id, Role(row["role"]), clock, lifetime, origin)
            await challenges.count_failure(held, origin)
    raise WrongCredentials("The code is wrong, or was used already.", path=("code",))


async def sign_in_with_passkey(
    credential: str, party: RelyingParty, clock: Clock, lifetime: timedelta, origin: Origin = NOWHERE
) -> SignedIn:
    """Open a session for whose passkey signed: device and its owner's check of the person are two factors.

    Raises WrongCredentials, AccountRestricted.
    """
    async with transaction():
        user_id = await accept_passkey(credential, None, party, origin)
        row = await fetch_one("SELECT role, status FROM users WHERE id = $1", user_id)
        if row is None:
            raise WrongCredentials("This account is gone.", path=("credential",))
        await check_active(user_id, row["status"])
        await record(Action.SIGNED_IN, user_id, actor=user_id, origin=origin)
        return await open_session(user_id, Role(row["role"]), clock, lifetime, origin)


async def passkey_options(viewer: Viewer | None, party: RelyingParty) -> str:
    """Return the options that a browser signs with a passkey, as JSON: for a step-up, or for whoever signs in."""
    async with transaction():
        return await passkeys.request_options(viewer.user_id if viewer else None, party)


async def sign_out(viewer: Viewer, origin: Origin = NOWHERE, *, everywhere: bool = False) -> None:
    """End the session that the viewer came with, or all of their sessions."""
    async with transaction():
        await record(Action.SIGNED_OUT, viewer.user_id, actor=viewer.user_id, origin=origin)
        await execute(
            "DELETE FROM sessions WHERE user_id = $1 AND (id = $2 OR $3)", viewer.user_id, viewer.session_id, everywhere
        )
