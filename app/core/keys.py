"""Keys: one secret is configured, every use of it gets a key of its own."""

import hashlib
import hmac


def derive(secret: bytes, purpose: str) -> bytes:
    """Return 32 bytes for one purpose (HMAC-SHA256 as a key derivation function, RFC 5869, extract step)."""
    return hmac.new(secret, f"anypeople/{purpose}/v1".encode(), hashlib.sha256).digest()


def keyed_hash(key: bytes, content: bytes) -> bytes:
    """Return the HMAC-SHA256 of `content`: comparable, but no use to whoever lacks the key."""
    return hmac.new(key, content, hashlib.sha256).digest()
