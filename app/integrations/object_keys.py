"""What every object store accepts: the keys, prefixes and ranges of `app.core.ports.ObjectStore`."""

import re

CHUNK = 64 * 1024
"""Most bytes that a store yields at a time."""
KEY = re.compile(r"[a-z0-9_-][a-z0-9._-]{0,199}(?:/[a-z0-9_-][a-z0-9._-]{0,199})*")
PREFIX = re.compile(rf"(?:{KEY.pattern}/?)?")
MAX_KEY_LENGTH = 1024


def is_key(text: str) -> bool:
    """Return whether an object can have this key."""
    return KEY.fullmatch(text) is not None and ".." not in text and len(text) <= MAX_KEY_LENGTH


def checked_key(key: str) -> str:
    """Return the key. Raises ValueError for one that is not allowed, without repeating it."""
    if not is_key(key):
        raise ValueError("not an object key")
    return key


def checked_prefix(prefix: str) -> str:
    """Return the prefix. Raises ValueError for one that no key can have."""
    if not PREFIX.fullmatch(prefix) or ".." in prefix:
        raise ValueError("not the beginning of an object key")
    return prefix


def check_range(start: int, end: int | None) -> None:
    """Accept bytes `start` to `end` (exclusive; None: to the end). Raises ValueError for what is no range."""
    if start < 0 or (end is not None and end < start):
        raise ValueError("a range begins at 0 or later and does not end before it begins")
