"""Signatures that anybody can check: Ed25519 (RFC 8037) with a derived key, whose public half is published as JWKS."""

import base64
import binascii
import warnings
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import KeySet, OKPKey

ALGORITHM = "EdDSA"
"""RFC 8037. RFC 9864 would have the same signature called `Ed25519`, which Authlib and PyJWT do not know yet."""
warnings.filterwarnings("ignore", message="EdDSA is deprecated", category=SecurityWarning)
Claims = Mapping[str, Any]


class Forged(Exception):
    """What was looked at is not signed with this key, or was changed since."""


class Verifier:
    """Verifies compact JWTs with nothing but published keys: of ours, or of whoever signed."""

    def __init__(self, keys: KeySet) -> None:
        self._keys = keys

    @classmethod
    def of(cls, published: Mapping[str, Any]) -> "Verifier":
        """Read a JWK set, as `/.well-known/jwks.json` is one. Raises ValueError."""
        try:
            return cls(KeySet.import_key_set({"keys": list(published["keys"])}))
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise ValueError("This is no JWK set (RFC 7517, section 5).") from error

    def read(self, token: str) -> tuple[str, dict[str, Any]]:
        """Return what it is for (`typ`) and its claims. Raises Forged.

        Every character counts: the last one of a signature has bits that no decoder looks at (RFC 4648, section 3.5),
        and one that was changed there is refused too.
        """
        try:
            if not all(_canonical(part) for part in token.split(".")):
                raise Forged("This is not signed by these keys, or was changed.")
            found = jwt.decode(token, self._keys, algorithms=[ALGORITHM])
        except (JoseError, ValueError, binascii.Error) as error:
            raise Forged("This is not signed by these keys, or was changed.") from error
        return str(found.header.get("typ", "")), dict(found.claims)


def _canonical(part: str) -> bool:
    content = base64.b64decode(part + "=" * (-len(part) % 4), b"-_", validate=True)
    return base64.urlsafe_b64encode(content).decode().rstrip("=") == part


class Signer:
    """Signs and verifies compact JWTs (RFC 7519). `type` says what one is for: it is good for nothing else."""

    def __init__(self, key: bytes) -> None:
        """`key` has 32 bytes, derived for this purpose alone (`app.core.keys.derive`)."""
        private = Ed25519PrivateKey.from_private_bytes(key)
        self._key = OKPKey.import_key(private)
        self.key_id = self._key.thumbprint()
        """RFC 7638: the same key has the same name everywhere."""
        self.verifier = Verifier(KeySet([self._key]))

    def sign(self, claims: Claims, type: str) -> str:
        """Return a JWT. `type` is its `typ` (RFC 8725, section 3.11)."""
        header = {"alg": ALGORITHM, "kid": self.key_id, "typ": type}
        return jwt.encode(header, dict(claims), self._key, algorithms=[ALGORITHM])

    def verify(self, token: str, type: str) -> dict[str, Any]:
        """Return the claims. Raises Forged; whether they still hold is for the caller to say."""
        found, claims = self.verifier.read(token)
        if found != type:
            raise Forged(f"This is signed by us, but is no {type}.")
        return claims

    def published(self) -> dict[str, list[dict[str, Any]]]:
        """Return the JWK set (RFC 7517, section 5): what verifies, and nothing that signs."""
        public = self._key.as_dict(private=False)
        return {"keys": [{**public, "kid": self.key_id, "use": "sig", "alg": ALGORITHM}]}
