"""The list of what is in an archive: path, size and SHA-256 of each file, and a signature over the list."""

import hashlib
from collections.abc import AsyncGenerator, Mapping
from typing import Any

import orjson

from app.core.signing import Signer
from app.privacy.export.zipping import Member

MANIFEST, SIGNATURE = "manifest.json", "manifest.jws"
SIGNED = "export-manifest+jwt"
"""`typ` of the signature (RFC 8725, section 3.11)."""
FORMAT = "anypeople-export/1"


class Listing:
    """Notes files as they are packed. About 150 bytes stay of each."""

    def __init__(self) -> None:
        self.entries = bytearray()
        self.count = 0

    def noted(self, member: Member) -> Member:
        """Return the member, which is noted once all of it was drawn."""
        return Member(member.path, self._watched(member), member.packed)

    async def _watched(self, member: Member) -> AsyncGenerator[bytes, None]:
        digest, size = hashlib.sha256(), 0
        try:
            async for chunk in member.chunks:
                digest.update(chunk)
                size += len(chunk)
                yield chunk
        finally:
            await member.chunks.aclose()
        entry = orjson.dumps({"path": member.path, "byteSize": size, "sha256": digest.hexdigest()})
        self.entries += (b",\n" if self.count else b"") + entry
        self.count += 1

    def written(self, head: Mapping[str, Any]) -> bytes:
        """Return the manifest: a JSON object with `head` and the entries, one a line."""
        said = orjson.dumps({"format": FORMAT, **head}, option=orjson.OPT_UTC_Z)
        return said[:-1] + b',"entries":[\n' + bytes(self.entries) + b"\n]}\n"


def signature(signer: Signer, manifest: bytes, head: Mapping[str, Any], issuer: str, issued_at: int) -> bytes:
    """Return a JWT that says which manifest is ours, whose it is and of when."""
    claims = {
        "iss": issuer,
        "iat": issued_at,
        "sub": head["subject"],
        "right": head["right"],
        "sha256": hashlib.sha256(manifest).hexdigest(),
    }
    return signer.sign(claims, SIGNED).encode() + b"\n"
