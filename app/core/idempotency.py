"""Idempotency keys: the same call twice does the thing once.

A row says that a command with this key succeeded and what it made; it is written in the command's own transaction, so
neither exists without the other. Only successes are kept: a failed call may be sent again with the same key.
"""

import hmac
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from app.core.db import execute, fetch_one
from app.core.errors import AppError
from app.core.ids import uuid7

LIFETIME = timedelta(hours=24)
MAX_KEY_LENGTH = 64


class IdempotencyMismatch(AppError):
    """The key was used with another input."""

    code = "IDEMPOTENCY_MISMATCH"


class IdempotencyInProgress(AppError):
    """The first call with this key has not ended yet."""

    code = "IDEMPOTENCY_IN_PROGRESS"


async def begin(person_id: UUID, operation: str, key: str, input_hash: bytes) -> UUID | None:
    """Claim the key for the caller's transaction; return the id of what an earlier call made, or None.

    `input_hash` is a keyed hash of the input. Raises IdempotencyInProgress, and IdempotencyMismatch also
    for a key that is empty, longer than 64 characters, or has a NUL, which PostgreSQL cannot hold.
    """
    if not 0 < len(key) <= MAX_KEY_LENGTH or "\x00" in key:
        raise IdempotencyMismatch(
            f"An idempotency key has 1 to {MAX_KEY_LENGTH} characters, none of them NUL: "
            "send a new UUID for each thing to be made.",
            path=("idempotencyKey",),
        )
    locked = await fetch_one(
        "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS taken", f"{person_id}/{operation}/{key}"
    )
    if locked is None or not locked["taken"]:
        raise IdempotencyInProgress(
            "The first call with this key is still running: wait a moment and send it again.", path=("idempotencyKey",)
        )
    row = await fetch_one(
        """SELECT input_hash, result_id, created_at < now() - $4::interval AS expired FROM idempotency_keys
           WHERE person_id = $1 AND operation = $2 AND key = $3""",
        person_id,
        operation,
        key,
        LIFETIME,
    )
    if row is None:
        return None
    if row["expired"]:
        await execute(
            "DELETE FROM idempotency_keys WHERE person_id = $1 AND operation = $2 AND key = $3",
            person_id,
            operation,
            key,
        )
        return None
    if not hmac.compare_digest(row["input_hash"], input_hash):
        raise IdempotencyMismatch(
            "This key was used with another input: send a new key for a new thing.", path=("idempotencyKey",)
        )
    return UUID(str(row["result_id"]))


async def finish(person_id: UUID, operation: str, key: str, input_hash: bytes, result_id: UUID) -> None:
    """Record the success in the caller's transaction."""
    await execute(
        """INSERT INTO idempotency_keys (id, person_id, operation, key, input_hash, result_id, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, now())""",
        uuid7(),
        person_id,
        operation,
        key,
        input_hash,
        result_id,
    )


async def forget(result_ids: Sequence[UUID]) -> None:
    """Delete the keys of things that are deleted, in the caller's transaction."""
    await execute("DELETE FROM idempotency_keys WHERE result_id = ANY($1)", list(result_ids))


async def forget_people(person_ids: Sequence[UUID]) -> None:
    """Delete the keys of people who are gone, in the caller's transaction."""
    await execute("DELETE FROM idempotency_keys WHERE person_id = ANY($1)", list(person_ids))
