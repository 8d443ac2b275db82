"""Signatures that anybody can check: Ed25519 (RFC 8037) with a derived key, whose public half is published as JWKS."""

import warnings
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import OKPKey

ALGORITHM = "EdDSA"
"""RFC 8037. RFC 9864 would have the same signature called `Ed25519`, which Authlib and PyJWT do not know yet."""
warnings.filterwarnings("ignore", message="EdDSA is deprecated", category=SecurityWarning)
Claims = Mapping[str, Any]


class Forged(Exception):
    """What was looked at is not signed with this key, or was changed since."""


class Signer:
    """Signs and verifies compact JWTs (RFC 7519). `type` says what one is for: it is good for nothing else."""

    def __init__(self, key: bytes) -> None:
        """`key` has 32 bytes, derived for this purpose alone (`app.core.keys.derive`)."""
        private = Ed25519PrivateKey.from_private_bytes(key)
        self._key = OKPKey.import_key(private)
        self.key_id = self._key.thumbprint()
        """RFC 7638: the same key has the same name everywhere."""

    def sign(self, claims: Claims, type: str) -> str:
        """Return a JWT. `type` is its `typ` (RFC 8725, section 3.11)."""
        header = {"alg": ALGORITHM, "kid": self.key_id, "typ": type}
        return jwt.encode(header, dict(claims), self._key, algorithms=[ALGORITHM])

    def verify(self, token: str, type: str) -> dict[str, Any]:
        """Return the claims. Raises Forged; whether they still hold is for the caller to say."""
        try:
            found = jwt.decode(token, self._key, algorithms=[ALGORITHM])
        except (JoseError, ValueError) as error:
            raise Forged("This is not signed by us.") from error
        if found.header.get("typ") != type:
            raise Forged(f"This is signed by us, but is no {type}.")
        return dict(found.claims)

    def published(self) -> dict[str, list[dict[str, Any]]]:
        """Return the JWK set (RFC 7517, section 5): what verifies, and nothing that signs."""
        public = self._key.as_dict(private=False)
        return {"keys": [{**public, "kid": self.key_id, "use": "sig", "alg": ALGORITHM}]}
