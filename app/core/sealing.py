"""Secrets that have to be read again, such as those of authenticator apps: encrypted where they are stored."""

import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
"""96 bits, as NIST SP 800-38D (section 8.2) recommends; random ones are safe for 2^32 secrets of a key."""


class Sealer:
    """AES-256-GCM with a key of the service's. `owner` binds a secret to whose it is: elsewhere it does not open."""

    def __init__(self, key: bytes) -> None:
        """`key` has 32 bytes, derived for this purpose alone (`app.core.keys.derive`)."""
        self._cipher = AESGCM(key)

    def seal(self, secret: bytes, owner: bytes) -> bytes:
        """Return what is stored: nonce, ciphertext, tag."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret, owner)

    def open(self, sealed: bytes, owner: bytes) -> bytes:
        """Return the secret. Raises cryptography's InvalidTag for another key, another owner or changed bytes."""
        return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], owner)
