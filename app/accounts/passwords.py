"""Passwords: argon2id (RFC 9106), hashed off the event loop."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from app.accounts.errors import WeakPassword
from app.accounts.leaked_passwords import is_leaked

MIN_LENGTH = 10
MAX_LENGTH = 256
MIN_SCORE = 3
"""Of zxcvbn's 0 to 4: more than 10^8 guesses."""
JUDGED_LENGTH = 72
"""Longer ones take zxcvbn long, and their beginning says enough."""
SUBSTITUTES = "4@8({[<369!1|70$5+%2"
"""What stands for letters. zxcvbn tries each reading of each with all others, which takes seconds for many of them."""
MAX_SUBSTITUTES = 5
"""Kinds of them that are tried; with more, those that stand for the same letter are read as one."""
_AS_ONE = str.maketrans("@{[<9!|5+", "4(((611$7")
WELL_KNOWN = (
    *("anypeople", "spring", "summer", "autumn", "winter", "january", "february", "march", "april", "june", "july"),
    *("august", "september", "october", "november", "december", "correcthorsebatterystaple", "woaini1314520"),
    *("1qaz@wsx3edc", "!qaz2wsx#edc", "zaq1@wsxcde3", "zaq!2wsx", "1qaz@wsx", "!qaz2wsx"),
)
"""What is tried early and is not among the 30,000 passwords of zxcvbn's list, or for its length not rated as such."""

MEMORY = 65_536
"""KiB. RFC 9106's second recommended option: 3 passes over 64 MiB."""
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")
"""Two at a time: each takes 64 MiB, and a burst of sign-ins must not take all of it."""


class _Hashing:
    """The parameters of today."""

    def __init__(self, memory: int) -> None:
        self.hasher = PasswordHasher(time_cost=3, memory_cost=memory, parallelism=4)
        self.nobody = (
            f"$argon2id$v=19$m={memory},t=3,p=4$nYTX3dPRHNUYSaQ6CD3sCw$Hnti9aCQxvfa1yH86vzUELo7tT3W8kNe+3k3TzEvMUc"
        )
        """Verified where no account exists, so that an unknown address takes as long as a known one."""


_hashing = _Hashing(MEMORY)


def configure(memory: int) -> None:
    """Hash with so many KiB from now on. A password that was hashed with others is hashed anew when it is used next."""
    global _hashing
    _hashing = _Hashing(memory)


async def check_strength(password: str, *known: str) -> None:
    """Raise WeakPassword for fewer than 10 or more than 256 characters, what is easily guessed, and what was leaked.

    zxcvbn judges: it brings a list of 30,000 common passwords, and knows names, words, dates and keyboard runs. `known`
    is what anybody would try first, such as the address.
    """
    if not MIN_LENGTH <= len(_form(password)) <= MAX_LENGTH:
        raise WeakPassword(f"Choose a password of {MIN_LENGTH} to {MAX_LENGTH} characters.", path=("password",))
    loop = asyncio.get_running_loop()
    if not await loop.run_in_executor(_threads, _is_strong, password, known):
        raise WeakPassword("This password is easy to guess: choose several unrelated words.", path=("password",))
    if await loop.run_in_executor(_threads, is_leaked, _form(password)):  # it reads a file, the first time
        raise WeakPassword(
            "This password is on a list of stolen ones: choose another, and change it where you use it.",
            path=("password",),
        )


def _is_strong(password: str, known: Sequence[str]) -> bool:
    guessable = [part for text in known for part in (text, *text.replace(".", " ").replace("@", " ").split())]
    judged = _form(password)[:JUDGED_LENGTH]
    if len(set(judged).intersection(SUBSTITUTES)) > MAX_SUBSTITUTES:
        judged = judged.translate(_AS_ONE)
    return int(zxcvbn(judged, user_inputs=[*guessable, *WELL_KNOWN])["score"]) >= MIN_SCORE


async def hash_password(password: str) -> str:
    """Return the encoded argon2id hash."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _hashing.hasher.hash, _form(password))


async def verify_password(password: str, encoded: str | None) -> bool:
    """Return whether the password fits; `None` (no such account) takes the same time and is never true."""
    verify = asyncio.get_running_loop().run_in_executor(_threads, _verify, _form(password), encoded or _hashing.nobody)
    return await verify and encoded is not None


def needs_rehash(encoded: str) -> bool:
    """Return whether a hash was made with other parameters than today's."""
    return _hashing.hasher.check_needs_rehash(encoded)


def _form(password: str) -> str:
    """Return the one form of what keyboards compose differently (NFKC; NIST SP 800-63B, 5.1.1.2).

    One that is too long stays that: no more of it is looked at.
    """
    return normalize("NFKC", password[: MAX_LENGTH + 1])


def _verify(password: str, encoded: str) -> bool:
    try:
        return _hashing.hasher.verify(encoded, password)
    except (VerificationError, InvalidHashError):
        return False
