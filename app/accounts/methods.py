"""How somebody can prove that it is them, and which of these are open to a person."""

from enum import StrEnum
from uuid import UUID

from app.core.db import fetch_one


class Method(StrEnum):
    """How somebody can prove that it is them."""

    PASSWORD = "PASSWORD"  # noqa: S105 - the name of a method
    TOTP = "TOTP"
    PASSKEY = "PASSKEY"
    RECOVERY_CODE = "RECOVERY_CODE"
    GOOGLE = "GOOGLE"
    GITHUB = "GITHUB"


async def second_methods(user_id: UUID) -> list[Method]:
    """Return what the person can give beside the password; nothing where no second factor is set up."""
    row = await fetch_one(
        """SELECT EXISTS (SELECT FROM totps WHERE user_id = $1 AND confirmed_at IS NOT NULL) AS totp,
                  EXISTS (SELECT FROM passkeys WHERE user_id = $1) AS passkey,
                  EXISTS (SELECT FROM recovery_codes WHERE user_id = $1) AS code""",
        user_id,
    )
    if row is None or not (row["totp"] or row["passkey"]):
        return []
    open_ones = {Method.TOTP: row["totp"], Method.PASSKEY: row["passkey"], Method.RECOVERY_CODE: row["code"]}
    return [method for method, is_open in open_ones.items() if is_open]


async def fresh_methods(user_id: UUID) -> list[Method]:
    """Return what counts as a fresh proof: the strongest of what there is, and nothing weaker.

    A second factor; without one the password; without that the provider that they sign in with.
    """
    if methods := await second_methods(user_id):
        return methods
    row = await fetch_one(
        """SELECT password_hash IS NOT NULL AS password,
                  ARRAY(SELECT provider FROM identities WHERE user_id = $1 ORDER BY provider) AS providers
           FROM users WHERE id = $1""",
        user_id,
    )
    if row is None or row["password"]:
        return [Method.PASSWORD]
    return [Method(provider) for provider in row["providers"]]
