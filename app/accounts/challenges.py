"""Challenges: between the password and the second factor of somebody who signs in. One works once, for ten minutes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app.accounts import tokens
from app.accounts.errors import ChallengeSpent
from app.accounts.methods import Method, second_methods
from app.accounts.notices import tell
from app.audit.service import Action, record
from app.core.db import execute, fetch_one
from app.core.ids import uuid7
from app.core.origin import Origin
from app.mail.kinds import MailKind

LIFETIME = timedelta(minutes=10)
TRIES = 5


@dataclass(frozen=True, slots=True)
class Challenge:
    """The password was right; one of `methods` is still needed. `token` is shown once and never stored."""

    token: str
    methods: Sequence[Method]


@dataclass(frozen=True, slots=True)
class HeldChallenge:
    """A challenge that is being answered."""

    id: UUID
    user_id: UUID
    tries_left: int


async def issue(user_id: UUID, methods: Sequence[Method]) -> Challenge:
    """Make a challenge for an account, in the caller's transaction."""
    token = tokens.new_challenge()
    await execute(
        """INSERT INTO sign_in_challenges (id, user_id, token_hash, tries_left, expires_at)
           VALUES ($1, $2, $3, $4, now() + $5::interval)""",
        uuid7(),
        user_id,
        tokens.hash_token(token),
        TRIES,
        LIFETIME,
    )
    return Challenge(token, methods)


async def methods_of(token: str) -> Sequence[Method]:
    """Return what a challenge can be answered with; nothing for one that is good for nothing (any more)."""
    row = await fetch_one(
        "SELECT user_id FROM sign_in_challenges WHERE token_hash = $1 AND expires_at > now()",
        tokens.hash_token(token[: tokens.MAX_LENGTH]),
    )
    return await second_methods(row["user_id"]) if row else []


async def hold(token: str) -> HeldChallenge:
    """Return the challenge of a token, and hold it for the caller's transaction. Raises ChallengeSpent.

    The person is held first, as by everything that ends challenges.
    """
    token_hash = tokens.hash_token(token[: tokens.MAX_LENGTH])
    await fetch_one(
        """SELECT id FROM users WHERE id = (SELECT user_id FROM sign_in_challenges WHERE token_hash = $1)
           FOR UPDATE""",
        token_hash,
    )
    row = await fetch_one(
        """SELECT id, user_id, tries_left FROM sign_in_challenges WHERE token_hash = $1 AND expires_at > now()
           FOR UPDATE""",
        token_hash,
    )
    if row is None:
        raise ChallengeSpent("This sign-in was used, failed or has expired: sign in again.", path=("challenge",))
    return HeldChallenge(**row)


async def count_failure(challenge: HeldChallenge, origin: Origin) -> None:
    """Take one of its tries, in the caller's transaction. The last one ends it, and the person is told."""
    if challenge.tries_left > 1:
        await execute("UPDATE sign_in_challenges SET tries_left = tries_left - 1 WHERE id = $1", challenge.id)
        return
    await end(challenge)
    await record(Action.SECOND_FACTOR_FAILED, challenge.user_id, actor=challenge.user_id, origin=origin)
    await tell(challenge.user_id, MailKind.SECOND_FACTOR_FAILED)


async def end(challenge: HeldChallenge) -> None:
    """End a challenge, in the caller's transaction."""
    await execute("DELETE FROM sign_in_challenges WHERE id = $1", challenge.id)


async def end_all(user_id: UUID) -> None:
    """End the person's challenges, in the caller's transaction: what they proved is not true any more."""
    await execute("DELETE FROM sign_in_challenges WHERE user_id = $1", user_id)
