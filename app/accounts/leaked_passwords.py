"""Passwords that were leaked, that are long enough for us, and that a judge of patterns finds strong.

`leaked_passwords.bin` is our extract of a published list: `leaked_passwords.md` says of which, and how it was made. It
holds no password, only the sorted beginnings of their hashes. Nobody outside is asked.
"""

from bisect import bisect_left
from functools import cache
from hashlib import sha256
from pathlib import Path

FILE = Path(__file__).with_name("leaked_passwords.bin")
LENGTH = 6
"""Bytes kept of each SHA-256: one in 3 billion others is taken for one of these."""


def is_leaked(password: str) -> bool:
    """Return whether a password, in whatever case, is one of them. Reads the file the first time (0.5 MB)."""
    kept, wanted = _kept(), digest(password)
    count = len(kept) // LENGTH
    place = bisect_left(range(count), wanted, key=lambda index: kept[index * LENGTH : (index + 1) * LENGTH])
    return kept[place * LENGTH : (place + 1) * LENGTH] == wanted


def digest(password: str) -> bytes:
    """Return what stands for a password in the file."""
    return sha256(password.lower().encode(errors="surrogatepass")).digest()[:LENGTH]


@cache
def _kept() -> bytes:
    return FILE.read_bytes()
