"""Codes of authenticator apps: TOTP (RFC 6238) with what every such app knows: SHA-1, 6 digits, 30 seconds."""

import hmac
import secrets
from base64 import b32encode
from datetime import datetime
from urllib.parse import quote, urlencode

ISSUER = "AnyPeople"
SECRET_BYTES = 20
"""As long as the hash (RFC 4226, section 4, R6)."""
STEP_SECONDS = 30
DIGITS = 6
DRIFT = 1
"""Steps that a clock may be wrong by, either way (RFC 6238, section 5.2)."""


def new_secret() -> bytes:
    """Return 160 random bits."""
    return secrets.token_bytes(SECRET_BYTES)


def shown(secret: bytes) -> str:
    """Return a secret as people type it into an app: 32 characters of base32."""
    return b32encode(secret).decode()


def uri(secret: bytes, account: str) -> str:
    """Return what the QR code for an app holds (Google Authenticator's key URI format)."""
    label = quote(f"{ISSUER}:{account}", safe="")
    return f"otpauth://totp/{label}?{urlencode({'secret': shown(secret), 'issuer': ISSUER})}"


def step_of(now: datetime) -> int:
    """Return the number of the step that a time is in."""
    return int(now.timestamp()) // STEP_SECONDS


def code_of(secret: bytes, step: int) -> str:
    """Return the code of a step (RFC 4226, section 5.3)."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def fitting_step(secret: bytes, code: str, now: datetime, last_used: int) -> int | None:
    """Return the step that a code is for; None where it fits none, or one that is not after `last_used`.

    All steps are compared, in constant time each: how long it takes tells nothing about the code.
    """
    present = step_of(now)
    fitting = [
        step
        for step in range(present - DRIFT, present + DRIFT + 1)
        if hmac.compare_digest(code_of(secret, step).encode(), code.encode()) and step > last_used
    ]
    return fitting[0] if fitting else None
