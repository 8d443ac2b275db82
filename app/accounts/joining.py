"""Commands: sign in, or up, with an account at a provider."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.exceptions import IntegrityError

from app.accounts import challenges
from app.accounts.attestation import check_attested
from app.accounts.challenges import Challenge
from app.accounts.errors import IdentityTaken
from app.accounts.identities import insert, verified_address
from app.accounts.identity import display_name
from app.accounts.methods import second_methods
from app.accounts.models import User
from app.accounts.providers import Proven
from app.accounts.sessions import SignedIn, open_session
from app.accounts.status import check_active
from app.accounts.step_up import FRESH
from app.audit.service import Action, record
from app.core.db import fetch, fetch_one, transaction
from app.core.ids import uuid7
from app.core.origin import NOWHERE, Origin
from app.core.ports import Clock
from app.core.viewer import Role
from app.policy.service import record_acceptance

CopyPicture = Callable[[UUID, str, str], Awaitable[None]]
"""Has the picture copied that is at an address (person, processor, address), in the caller's transaction."""


@dataclass(frozen=True, slots=True)
class Stranger:
    """Nobody's account here is opened by it."""

    has_account: bool
    """Whether its address, which the provider says is theirs, is that of an account."""


@dataclass(frozen=True, slots=True)
class Joining:
    """What a person says before there is an account."""

    display_name: str
    adult: bool
    policy_version: str


async def sign_in_with(
    proven: Proven, clock: Clock, lifetime: timedelta, origin: Origin = NOWHERE
) -> SignedIn | Challenge | Stranger:
    """Open a session for whom the provider signed in; with a second factor, make a challenge.

    The session is as fresh as the proof that the provider states, and not fresh where it states none. Raises
    AccountRestricted, and AddressUnverified for a stranger whose address the provider does not vouch for.
    """
    async with transaction():
        row = await fetch_one(  # the person first, as whoever unlinks
            """SELECT i.id, i.user_id, u.role, u.status FROM identities i JOIN users u ON u.id = i.user_id
               WHERE i.provider = $1 AND i.subject = $2 FOR UPDATE OF u""",
            proven.provider.value,
            proven.identity.subject,
        )
        if row is None or not await _use(row["id"]):
            owned = await fetch("SELECT id FROM users WHERE confirmed_email = $1", verified_address(proven))
            return Stranger(bool(owned))
        if methods := await second_methods(row["user_id"]):
            return await challenges.issue(row["user_id"], methods)
        await check_active(row["user_id"], row["status"])
        return await _opened(row["user_id"], Role(row["role"]), proven, clock, lifetime, origin)


async def _use(identity_id: UUID) -> bool:
    """Note that a link was used; return whether it was still there."""
    return bool(await fetch("UPDATE identities SET last_used_at = now() WHERE id = $1 RETURNING id", identity_id))


async def sign_up_with(
    proven: Proven,
    said: Joining,
    clock: Clock,
    lifetime: timedelta,
    copy_picture: CopyPicture,
    origin: Origin = NOWHERE,
) -> SignedIn:
    """Make an account without a password, with the address confirmed that the provider vouches for, and sign it in.

    Raises InvalidInput for the name, AdultsOnly (policy, P23), OtherPolicyVersion, AddressUnverified, and IdentityTaken
    where the address or the account at the provider has an account here meanwhile.
    """
    name = display_name(said.display_name)
    policy = await check_attested(said.adult, said.policy_version, clock)
    address, user_id, now = verified_address(proven), uuid7(), clock.now()
    try:
        async with transaction():
            await User.create(
                id=user_id,
                email=address,
                confirmed_email=address,
                display_name=name,
                role=Role.USER.value,
                adult_attested_at=now,
                policy_version=said.policy_version,
                created_at=now,
            )
            await insert(user_id, proven)
            note = {"note": f"with {proven.provider.label}"}
            await record(Action.SIGNED_UP, user_id, actor=user_id, origin=origin, details=note)
            await record_acceptance(user_id, policy, now)
            if proven.identity.picture:
                await copy_picture(user_id, proven.provider.processor, proven.identity.picture)
            return await _opened(user_id, Role.USER, proven, clock, lifetime, origin)
    except IntegrityError:
        raise IdentityTaken("There is an account for you by now: start again, and you will be signed in.") from None


async def _opened(
    user_id: UUID, role: Role, proven: Proven, clock: Clock, lifetime: timedelta, origin: Origin
) -> SignedIn:
    note = {"note": f"with {proven.provider.label}"}
    await record(Action.SIGNED_IN, user_id, actor=user_id, origin=origin, details=note)
    return await open_session(user_id, role, clock, lifetime, origin, _proved_at(proven, clock))


def _proved_at(proven: Proven, clock: Clock) -> datetime:
    """Return when the person proved themselves at the provider; long enough ago where it does not say."""
    return proven.identity.proved_at or clock.now() - FRESH
