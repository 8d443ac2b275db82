"""Recovery codes: for people whose second factor is out of reach. Each works once; only hashes are kept."""

import hashlib
import secrets
from base64 import b32encode
from uuid import UUID

from app.core.db import execute, fetch, fetch_one
from app.core.ids import uuid7

HOW_MANY = 10
CODE_BYTES = 10
"""80 random bits: nothing to guess, so a fast hash is enough."""


async def renew(user_id: UUID) -> list[str]:
    """Replace the person's codes in the caller's transaction, and return the new ones: they are shown once."""
    await forget(user_id)
    codes = [b32encode(secrets.token_bytes(CODE_BYTES)).decode() for _ in range(HOW_MANY)]
    await execute(
        """INSERT INTO recovery_codes (id, user_id, code_hash)
           SELECT code_id, $1, hash FROM unnest($2::uuid[], $3::text[]) AS made (code_id, hash)""",
        user_id,
        [uuid7() for _ in codes],
        [_hash(code) for code in codes],
    )
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in codes]


async def use(user_id: UUID, code: str) -> bool:
    """End a code, in the caller's transaction; return whether it was one of the person's. `code` has no hyphens."""
    rows = await fetch(
        "DELETE FROM recovery_codes WHERE user_id = $1 AND code_hash = $2 RETURNING id", user_id, _hash(code.upper())
    )
    return bool(rows)


async def left(user_id: UUID) -> int:
    """Return how many codes of the person's still work."""
    row = await fetch_one("SELECT count(*) AS number FROM recovery_codes WHERE user_id = $1", user_id)
    return int(row["number"]) if row else 0


async def forget(user_id: UUID) -> None:
    """Delete the person's codes, in the caller's transaction."""
    await execute("DELETE FROM recovery_codes WHERE user_id = $1", user_id)


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
