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
    """Return what counts as a fresh proof: with a second factor the password alone does not."""
    return await second_methods(user_id) or [Method.PASSWORD]
