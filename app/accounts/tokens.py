"""Tokens of sessions and API keys: opaque to clients, hashed with us."""

import hashlib
import secrets

PREFIX = "anyp_s_"
"""Lets secret scanners find a leaked token of a session."""
BROWSER_PREFIX = "anyp_b_"
"""The same for what a browser's cookie holds. It is worth nothing in a header, nor the other one in a cookie."""
KEY_PREFIX = "anyp_k_"
"""Of an API key."""
CHALLENGE_PREFIX = "anyp_c_"
CODE_PREFIX, ACCESS_PREFIX, REFRESH_PREFIX = "anyp_o_", "anyp_a_", "anyp_r_"
"""What apps get from the authorization server."""
MAX_LENGTH = 128


def new_token(prefix: str = PREFIX) -> str:
    """Return a token with 256 bits of randomness."""
    return prefix + secrets.token_urlsafe(32)


def new_challenge() -> str:
    """Return the token of a sign-in that lacks its second factor: as random, and no session."""
    return CHALLENGE_PREFIX + secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """Return what is stored, in hexadecimal. SHA-256 is enough for 256 random bits: there is nothing to guess."""
    return hashlib.sha256(token.encode()).hexdigest()
