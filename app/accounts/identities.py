"""Accounts at Google and GitHub that open an account here. The provider's subject decides, never an address."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.exceptions import IntegrityError

from app.accounts import challenges, sessions, ways_in
from app.accounts.errors import (
    AddressUnverified,
    IdentityNotFound,
    IdentityTaken,
    OtherAddress,
    PersonNotFound,
    ProviderLinked,
    StepUpRequired,
    WrongCredentials,
)
from app.accounts.identity import known_form
from app.accounts.methods import Method, fresh_methods
from app.accounts.notices import tell
from app.accounts.providers import Proven, Provider
from app.accounts.step_up import open_ten_minutes, require_fresh
from app.audit.service import Action, record
from app.core.db import execute, fetch, fetch_one, transaction
from app.core.ids import uuid7
from app.core.origin import NOWHERE, Origin
from app.core.viewer import Viewer
from app.mail.kinds import MailKind

MAX_IDENTITIES = len(Provider)
"""One of each."""


@dataclass(frozen=True, slots=True)
class LinkedIdentity:
    """An account elsewhere that opens the viewer's."""

    id: UUID
    provider: Provider
    created_at: datetime
    last_used_at: datetime | None


async def own_identities(viewer: Viewer) -> list[LinkedIdentity]:
    """Return the viewer's, at most one of each provider."""
    rows = await fetch(
        "SELECT id, provider, created_at, last_used_at FROM identities WHERE user_id = $1 ORDER BY provider",
        viewer.user_id,
    )
    return [LinkedIdentity(**{**row, "provider": Provider(row["provider"])}) for row in rows]


async def link(viewer: Viewer, proven: Proven, origin: Origin = NOWHERE, *, own_address: bool = False) -> None:
    """Let an account at a provider open the viewer's from now on; nothing changes where it does already.

    `own_address`: only where its address is the one that the account confirmed. Raises StepUpRequired,
    SessionNotFound where that was just ended, AddressUnverified, OtherAddress, IdentityTaken, ProviderLinked.
    """
    await require_fresh(viewer)
    address = verified_address(proven)
    try:
        async with transaction():
            row = await fetch_one("SELECT confirmed_email FROM users WHERE id = $1 FOR UPDATE", viewer.user_id)
            if row is None:
                raise PersonNotFound("This account is gone.")
            await sessions.hold(viewer)
            if own_address and row["confirmed_email"] != address:
                raise OtherAddress(
                    f"You are signed in to an account with another address than the one at {proven.provider.label}: "
                    "link it where your account's settings are, if that is what you want."
                )
            if await _is_linked(viewer, proven):
                return
            await insert(viewer.user_id, proven)
            note = {"note": proven.provider.label}
            await record(Action.IDENTITY_LINKED, viewer.user_id, actor=viewer.user_id, origin=origin, details=note)
            await tell(viewer.user_id, MailKind.IDENTITY_LINKED, {"provider": proven.provider.label})
    except IntegrityError:  # it was linked in the same moment
        raise _taken(proven.provider) from None


async def _is_linked(viewer: Viewer, proven: Proven) -> bool:
    rows = await fetch(
        """SELECT user_id, provider, subject FROM identities
           WHERE (provider = $1 AND subject = $2) OR (user_id = $3 AND provider = $1)""",
        proven.provider.value,
        proven.identity.subject,
        viewer.user_id,
    )
    if any(row["user_id"] != viewer.user_id for row in rows):
        raise _taken(proven.provider)
    if any(row["subject"] != proven.identity.subject for row in rows):
        raise ProviderLinked(f"Another account at {proven.provider.label} is linked to yours: unlink that one first.")
    return bool(rows)


async def insert(user_id: UUID, proven: Proven) -> None:
    """Write the link down, in the caller's transaction. Raises IntegrityError where there is one."""
    await execute(
        "INSERT INTO identities (id, user_id, provider, subject, created_at) VALUES ($1, $2, $3, $4, now())",
        uuid7(),
        user_id,
        proven.provider.value,
        proven.identity.subject,
    )


async def unlink(viewer: Viewer, identity_id: UUID, origin: Origin = NOWHERE) -> None:
    """End a link. Raises StepUpRequired, IdentityNotFound, and LastWayIn where nothing else opens the account."""
    await require_fresh(viewer)
    async with transaction():
        await fetch("SELECT id FROM users WHERE id = $1 FOR UPDATE", viewer.user_id)
        rows = await fetch(
            "DELETE FROM identities WHERE id = $1 AND user_id = $2 RETURNING provider", identity_id, viewer.user_id
        )
        if not rows:
            raise IdentityNotFound("You have linked no such account.", path=("id",))
        await ways_in.require_one(viewer.user_id)
        await challenges.end_all(viewer.user_id)  # one of them may be what the account elsewhere proved
        label = Provider(rows[0]["provider"]).label
        await record(
            Action.IDENTITY_UNLINKED, viewer.user_id, actor=viewer.user_id, origin=origin, details={"note": label}
        )
        await tell(viewer.user_id, MailKind.IDENTITY_UNLINKED, {"provider": label})


async def reauthenticate_with(viewer: Viewer, proven: Proven, origin: Origin = NOWHERE) -> None:
    """Open ten minutes with the account at a provider that the person signs in with, where they have nothing stronger.

    Raises StepUpRequired where they have, WrongCredentials for an account that is not theirs.
    """
    methods = await fresh_methods(viewer.user_id)
    if Method(proven.provider.value) not in methods:
        raise StepUpRequired(f"{proven.provider.label} does not do: prove in another way that it is you.", methods)
    async with transaction():
        used = await fetch(
            """UPDATE identities SET last_used_at = now() WHERE user_id = $1 AND provider = $2 AND subject = $3
               RETURNING id""",
            viewer.user_id,
            proven.provider.value,
            proven.identity.subject,
        )
        if not used:
            raise WrongCredentials(f"This is not the account at {proven.provider.label} that opens yours.")
        await open_ten_minutes(viewer, origin)


def verified_address(proven: Proven) -> str:
    """Return the address at the provider. Raises AddressUnverified where it does not say that it is verified."""
    address = known_form(proven.identity.email or "")
    if not address:
        raise AddressUnverified(
            f"{proven.provider.label} does not say that your address there is verified: verify it there, then come "
            "back; or sign up here with address and password."
        )
    return address


def _taken(provider: Provider) -> IdentityTaken:
    return IdentityTaken(
        f"That account at {provider.label} opens another account here: sign in with it, and unlink it there first."
    )
