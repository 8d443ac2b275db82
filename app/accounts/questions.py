"""What a browser was sent to a provider with. It counts once: the row goes with the first answer."""

from datetime import timedelta
from uuid import UUID

from app.accounts.errors import AnswerRefused
from app.core.db import execute, fetch
from app.core.ids import uuid7

LIFETIME = timedelta(minutes=10)
"""As long as somebody may take to sign in at the provider."""


async def ask() -> UUID:
    """Record a question."""
    question_id = uuid7()
    await execute(
        "INSERT INTO provider_questions (id, expires_at) VALUES ($1, now() + $2::interval)", question_id, LIFETIME
    )
    return question_id


async def answer(question_id: UUID) -> None:
    """Take the one answer to a question. Raises AnswerRefused for a second one, and for one that is late."""
    if not await fetch("DELETE FROM provider_questions WHERE id = $1 AND expires_at > now() RETURNING id", question_id):
        raise AnswerRefused("This sign-in was finished before, or took too long: start again.")
