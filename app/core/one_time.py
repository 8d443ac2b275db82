"""One-time links: the token in a mail is a keyed signature of a row's id, so that no table holds a usable secret."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

SIGNATURE_BYTES = 18
"""144 bits of HMAC-SHA256 (RFC 2104, section 5, allows down to 128)."""
MAX_LENGTH = 64


class OneTimeTokens:
    """Makes and reads the tokens of one-time links. Whether one is still good is for the row to say."""

    def __init__(self, key: bytes) -> None:
        """`key` is derived for this purpose alone (`app.core.keys.derive`)."""
        self._key = key

    def token(self, ticket: UUID) -> str:
        """Return 46 URL-safe characters."""
        return urlsafe_b64encode(ticket.bytes + self._signature(ticket)).decode().rstrip("=")

    def ticket(self, token: str) -> UUID | None:
        """Return the id of the row that the token is for; None for what we never made, and for another spelling of it:
        tries are counted by the token.
        """
        try:
            content = urlsafe_b64decode(token[:MAX_LENGTH] + "=" * (-len(token) % 4))
            ticket = UUID(bytes=content[:16])
        except ValueError:
            return None
        return ticket if hmac.compare_digest(token.encode(), self.token(ticket).encode()) else None

    def _signature(self, ticket: UUID) -> bytes:
        return hmac.digest(self._key, ticket.bytes, "sha256")[:SIGNATURE_BYTES]
