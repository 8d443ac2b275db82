"""Addresses that answers come back to: `support+TOKEN@…`.

The token names a thread and whose answer it is. It is a keyed signature, so that nobody finds one by trying and no
table holds one; it has small letters and digits only, because mail programs change the rest.
"""

import hmac
import re
from base64 import b32decode, b32encode
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

SIGNATURE_BYTES = 12
"""96 bits of HMAC-SHA256, as RFC 2404 has them: each try is a mail."""
LENGTH = 45
_TOKEN = re.compile(rf"\+([a-z2-7]{{{LENGTH}}})@")


class Side(StrEnum):
    """Whose answer it is."""

    PERSON = "PERSON"
    STAFF = "STAFF"


@dataclass(frozen=True, slots=True)
class ReplyAddresses:
    """Makes and reads the addresses of one mailbox. `key` is derived for this purpose alone."""

    key: bytes
    mailbox: str

    def address(self, thread: UUID, side: Side) -> str:
        """Return where `side` answers to."""
        local, _, domain = self.mailbox.rpartition("@")
        token = b32encode(thread.bytes + self._signature(thread, side)).decode().rstrip("=").lower()
        return f"{local}+{token}@{domain}"

    def named(self, address: str) -> tuple[UUID, Side] | None:
        """Return the thread and the side of an address in small letters; None for one that we never made."""
        found = _TOKEN.search(address)
        if found is None:
            return None
        content = b32decode(found[1].upper() + "=" * (-LENGTH % 8))
        thread, signature = UUID(bytes=content[:16]), content[16:]
        for side in Side:
            if hmac.compare_digest(signature, self._signature(thread, side)):
                return thread, side
        return None

    def _signature(self, thread: UUID, side: Side) -> bytes:
        return hmac.digest(self.key, f"{side.value} ".encode() + thread.bytes, "sha256")[:SIGNATURE_BYTES]


def without_tokens(text: str) -> str:
    """Return the text with no address of ours in it that answers: what was quoted must not be passed on."""
    return _TOKEN.sub("@", text)
