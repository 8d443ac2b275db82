"""Passkeys (WebAuthn, level 2): what browsers and phones sign, checked against what we asked for."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Self
from urllib.parse import urlsplit
from uuid import UUID

import orjson
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app.accounts.errors import WrongCredentials
from app.core.db import execute, fetch, fetch_one
from app.core.ids import uuid7

CHALLENGE_BYTES = 32
LIFETIME = timedelta(minutes=5)
MAX_LENGTH = 16_384
"""Characters of what a browser sends."""
BROKEN = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError, IndexError)
"""What the library raises for content that is none."""


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Who passkeys are made for: the host of this service's address, on exactly these origins."""

    id: str
    origins: Sequence[str]
    name: str = "AnyPeople"

    @classmethod
    def of(cls, base_url: str, others: Sequence[str]) -> Self:
        """Return it for a service at that address, whose pages at `others` ask for passkeys too."""
        address = urlsplit(base_url)
        return cls(address.hostname or "localhost", (f"{address.scheme}://{address.netloc}", *others))


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A passkey that was just made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


async def creation_options(user_id: UUID, address: str, name: str, party: RelyingParty) -> str:
    """Return the JSON for `navigator.credentials.create`, in the caller's transaction."""
    rows = await fetch("SELECT credential_id FROM passkeys WHERE user_id = $1", user_id)
    options = generate_registration_options(
        rp_id=party.id,
        rp_name=party.name,
        user_id=user_id.bytes,
        user_name=address,
        user_display_name=name,
        challenge=await _challenge(user_id),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=row["credential_id"]) for row in rows],
    )
    return options_to_json(options)


async def request_options(user_id: UUID | None, party: RelyingParty) -> str:
    """Return the JSON for `navigator.credentials.get`, in the caller's transaction: for a step-up of that person, or
    for somebody who signs in. It names no passkeys, so that it tells nothing about anybody.
    """
    options = generate_authentication_options(
        rp_id=party.id,
        challenge=await _challenge(user_id),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


async def created(credential: str, user_id: UUID, party: RelyingParty) -> NewPasskey:
    """Return the passkey that a browser made for the person, in the caller's transaction. Raises WrongCredentials."""
    try:
        sent = parse_registration_credential_json(_bounded(credential))
        challenge = parse_client_data_json(sent.response.client_data_json).challenge
        await _spend(challenge, user_id)
        verified = verify_registration_response(
            credential=sent,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=list(party.origins),
            require_user_verification=True,
        )
    except BROKEN:
        raise _wrong() from None
    return NewPasskey(verified.credential_id, verified.credential_public_key, verified.sign_count)


async def proved(credential: str, asked: UUID | None, party: RelyingParty) -> UUID:
    """Return whose passkey signed, in the caller's transaction; `asked` is whom the options were for.

    Raises WrongCredentials, also for a sign counter that did not move on: then the passkey was copied.
    """
    try:
        sent = parse_authentication_credential_json(_bounded(credential))
        challenge = parse_client_data_json(sent.response.client_data_json).challenge
        await _spend(challenge, asked)
        await fetch_one(  # the person first, as whoever removes a passkey
            "SELECT id FROM users WHERE id = (SELECT user_id FROM passkeys WHERE credential_id = $1) FOR UPDATE",
            sent.raw_id,
        )
        row = await fetch_one(
            "SELECT id, user_id, public_key, sign_count FROM passkeys WHERE credential_id = $1", sent.raw_id
        )
        handle = sent.response.user_handle
        if row is None or asked not in (None, row["user_id"]) or handle not in (None, row["user_id"].bytes):
            raise _wrong()
        verified = verify_authentication_response(
            credential=sent,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=list(party.origins),
            credential_public_key=row["public_key"],
            credential_current_sign_count=row["sign_count"],
            require_user_verification=True,
        )
    except BROKEN:
        raise _wrong() from None
    await execute(
        "UPDATE passkeys SET sign_count = $2, last_used_at = now() WHERE id = $1", row["id"], verified.new_sign_count
    )
    user_id: UUID = row["user_id"]
    return user_id


async def _challenge(user_id: UUID | None) -> bytes:
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    await execute(
        """INSERT INTO passkey_challenges (id, user_id, challenge, expires_at)
           VALUES ($1, $2, $3, now() + $4::interval)""",
        uuid7(),
        user_id,
        challenge,
        LIFETIME,
    )
    return challenge


async def _spend(challenge: bytes, user_id: UUID | None) -> None:
    rows = await fetch(
        """DELETE FROM passkey_challenges
           WHERE challenge = $1 AND user_id IS NOT DISTINCT FROM $2::uuid AND expires_at > now() RETURNING id""",
        challenge,
        user_id,
    )
    if not rows:
        raise _wrong()


def _bounded(credential: str) -> dict[str, object]:
    if len(credential) > MAX_LENGTH:
        raise ValueError("longer than any credential")
    content = orjson.loads(credential)
    if not isinstance(content, dict):
        raise TypeError("no object")
    return content


def _wrong() -> WrongCredentials:
    return WrongCredentials(
        "This passkey proves nothing here: ask for new options, and try again.", path=("credential",)
    )
