"""Letters that lie in a folder of ours because no mail server takes them away: where a service is tried out."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from app.core.db import fetch, fetch_one
from app.core.ports import KeptLetters
from app.privacy.erasure import ForgetCopies

_OF_PERSON = """
    SELECT m.id FROM mails m JOIN users u ON u.id = $1
    WHERE m.person_id = $1 OR m.ticket IN (
      SELECT id FROM support_threads t WHERE t.person_id = $1 OR t.address = u.confirmed_email)"""
"""Letters to them, and those to support of what they wrote there."""


def letters_here(letters: KeptLetters | None) -> Mapping[str, ForgetCopies]:
    """Return, by table, what deletes a person's letters that lie here; None: all were delivered."""
    return {} if letters is None else {"mails": partial(_forget, letters)}


async def _forget(letters: KeptLetters, person: UUID) -> None:
    """Delete what rows tell of, and by their address what is older than rows are kept. Raises OSError."""
    row = await fetch_one("SELECT email, confirmed_email FROM users WHERE id = $1", person)
    addresses = {address for address in row.values() if address} if row else set()
    await letters.forget({str(each["id"]) for each in await fetch(_OF_PERSON, person)}, addresses)
