"""How somebody can prove that it is them, and which of these are open to a person."""

from enum import StrEnum
from uuid import UUID

from app.core.db import fetch_one


class Method(StrEnum):
    """How somebody can prove that it is them."""

    PASSWORD = "PASSWORD"  # noqa: S105 - the name of a method
    TOTP = "TOTP"
    RECOVERY_CODE = "RECOVERY_CODE"


async def second_methods(user_id: UUID) -> list[Method]:
    """Return what the person can give beside the password; nothing where no second factor is set up."""
    row = await fetch_one(
        """SELECT EXISTS (SELECT FROM recovery_codes WHERE user_id = $1) AS codes
           FROM totps WHERE user_id = $1 AND confirmed_at IS NOT NULL""",
        user_id,
    )
    if row is None:
        return []
    return [Method.TOTP, Method.RECOVERY_CODE] if row["codes"] else [Method.TOTP]


async def fresh_methods(user_id: UUID) -> list[Method]:
    """Return what counts as a fresh proof: with a second factor the password alone does not."""
    return await second_methods(user_id) or [Method.PASSWORD]
