"""Commands: sign up, sign in, sign out."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from tortoise.exceptions import IntegrityError

from app.accounts import passwords, tokens
from app.accounts.errors import AdultsOnly, EmailTaken, OtherPolicyVersion, WrongCredentials
from app.accounts.models import Session, User
from app.core.db import execute, fetch, fetch_one, transaction
from app.core.errors import InvalidInput
from app.core.ids import uuid7
from app.core.ports import Clock
from app.core.viewer import Role, Viewer

POLICY_VERSION = "2026-03-24"
"""The version of the privacy policy that is in force."""
MAX_DISPLAY_NAME = 60
JOINERS = {0x200C: None, 0x200D: None}
"""Invisible, but Persian, Hindi and Sinhala names are not spelled right without them."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session. `token` is shown once and never stored."""

    viewer: Viewer
    token: str


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What a person says when they sign up."""

    email: str
    password: str
    display_name: str
    adult: bool
    policy_version: str


async def sign_up(account: NewAccount, clock: Clock, lifetime: timedelta) -> SignedIn:
    """Make an account and sign it in.

    Raises InvalidInput, WeakPassword, AdultsOnly (policy, P23), OtherPolicyVersion, EmailTaken.
    """
    email = _normal_email(account.email)
    name = _display_name(account.display_name)
    passwords.check_strength(account.password, email)
    if not account.adult:
        raise AdultsOnly("AnyPeople is for adults: confirm that you are 18 or older.", path=("adult",))
    if account.policy_version != POLICY_VERSION:
        raise OtherPolicyVersion(
            f"The privacy policy in force is version {POLICY_VERSION}: show it, then send that version.",
            path=("policyVersion",),
        )
    encoded = await passwords.hash_password(account.password)
    now = clock.now()
    user_id = uuid7()
    try:
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
            return await _open_session(user_id, Role.USER, clock, lifetime)
    except IntegrityError:
        raise EmailTaken(
            "An account with this address exists: sign in, or use another address.", path=("email",)
        ) from None


async def sign_in(email: str, password: str, clock: Clock, lifetime: timedelta) -> SignedIn:
    """Open a session. Raises WrongCredentials, after the same time whether or not the address is known."""
    try:
        known = _normal_email(email)
    except InvalidInput:
        known = ""  # nobody's
    row = await fetch_one("SELECT id, password_hash, role FROM users WHERE email = $1", known)
    fits = await passwords.verify_password(password[: passwords.MAX_LENGTH + 1], row["password_hash"] if row else None)
    if row is None or not fits:
        raise WrongCredentials("The address or the password is wrong: check both and try again.")
    return await _open_session(row["id"], Role(row["role"]), clock, lifetime)


async def sign_out(viewer: Viewer, *, everywhere: bool = False) -> None:
    """End the session that the viewer came with, or all of their sessions."""
    await execute(
        "DELETE FROM sessions WHERE user_id = $1 AND (id = $2 OR $3)", viewer.user_id, viewer.session_id, everywhere
    )


async def delete_expired_sessions(limit: int = 1000) -> int:
    """Delete sessions that have expired, at most `limit`; return how many."""
    rows = await fetch(
        """DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at < now() LIMIT $1)
           RETURNING id""",
        limit,
    )
    return len(rows)


async def _open_session(user_id: UUID, role: Role, clock: Clock, lifetime: timedelta) -> SignedIn:
    token = tokens.new_token()
    now = clock.now()
    session = await Session.create(
        user_id=user_id, token_hash=tokens.hash_token(token), created_at=now, expires_at=now + lifetime
    )
    return SignedIn(Viewer(user_id, session.id, role), token)


def _normal_email(email: str) -> str:
    try:
        return validate_email(email.strip(), check_deliverability=False).normalized.casefold()
    except EmailNotValidError:
        raise InvalidInput("This is not an email address.", path=("email",)) from None


def _display_name(name: str) -> str:
    clean = " ".join(name.split())
    visible = clean.translate(JOINERS)
    if not visible or len(clean) > MAX_DISPLAY_NAME or not visible.isprintable():
        raise InvalidInput(f"A name has 1 to {MAX_DISPLAY_NAME} visible characters.", path=("displayName",))
    return clean
