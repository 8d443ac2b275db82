"""People who are done with signing up."""

from app.core.db import execute
from app.policy.texts import DocumentKind, shipped

POLICY_VERSION = shipped(DocumentKind.PRIVACY)[-1].version
TERMS_VERSION = shipped(DocumentKind.TERMS)[-1].version
"""What a new installation begins with."""


async def settle_in(email: str) -> None:
    """Confirm an address, and forget the mail that asks for it: a test begins with its own jobs and letters."""
    await execute("UPDATE users SET confirmed_email = email WHERE email = $1", email)
    await execute("DELETE FROM jobs WHERE payload ->> 'mail' IN (SELECT id::text FROM mails WHERE address = $1)", email)
    await execute("DELETE FROM mails WHERE address = $1", email)
