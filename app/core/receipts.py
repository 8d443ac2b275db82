"""Receipts that we sign and give to people: which kinds there are, and whether one is ours, unchanged.

A receipt verifies with the published keys alone: no settings, no database, no network.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.core.signing import Forged, Verifier

CONSENT = "consent-receipt+jwt"
PRIVACY = "privacy-receipt+jwt"
ERASURE = "erasure-receipt+jwt"
KINDS: Mapping[str, str] = {
    CONSENT: "A decision about a purpose that rests on consent",
    PRIVACY: "What was done for a privacy request",
    ERASURE: "What was erased for a privacy request, and that nothing was left",
}
"""Types (`typ`, RFC 8725, section 3.11) and what each is."""
MAX_LENGTH = 32_768
"""Characters of a receipt."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt says."""

    kind: str
    issued_at: datetime | None
    claims: Mapping[str, Any]


def verify(verifier: Verifier, receipt: str) -> Receipt:
    """Return what a receipt says. Raises Forged where it is not signed with these keys, was changed, or is none."""
    if len(receipt) > MAX_LENGTH:
        raise Forged(f"A receipt has at most {MAX_LENGTH} characters.")
    kind, claims = verifier.read(receipt)
    if kind not in KINDS:
        raise Forged("This is signed with these keys, but is no receipt.")
    issued = claims.get("iat")
    return Receipt(kind, datetime.fromtimestamp(issued, UTC) if isinstance(issued, int) else None, claims)
