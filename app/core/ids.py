"""Primary keys: UUIDv7 (RFC 9562, section 5.7), made by us so that a row's id is known before it is written."""

import secrets
import threading
import time
from datetime import datetime
from uuid import UUID

_RANDOM = 74
_turn = threading.Lock()
_latest = 0
"""Milliseconds and random bits of the last id, as one number."""


def uuid7() -> UUID:
    """Return a new UUIDv7: 48 bits of Unix milliseconds, then 74 random bits. Sorts by time of creation.

    Those of one process sort also within a millisecond, and while its clock goes back: each is greater than the one
    before by a random number (RFC 9562, section 6.2, method 2).
    """
    global _latest
    with _turn:
        fresh = (time.time_ns() // 1_000_000 & 0xFFFF_FFFF_FFFF) << _RANDOM | secrets.randbits(_RANDOM - 1)
        later = _latest + 1 + secrets.randbits(32)
        _latest = fresh if fresh >> _RANDOM > _latest >> _RANDOM else later
        value = _latest
    milliseconds, high, low = value >> _RANDOM, value >> 62 & 0xFFF, value & (1 << 62) - 1
    return UUID(int=milliseconds << 80 | 0x7 << 76 | high << 64 | 0x2 << 62 | low)


def earliest(at: datetime) -> UUID:
    """Return the least UUIDv7 of that millisecond: what was made since has a greater one."""
    return UUID(int=int(at.timestamp() * 1000) << 80 | 0x7 << 76 | 0x2 << 62)
