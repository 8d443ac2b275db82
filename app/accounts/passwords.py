"""Passwords: argon2id (RFC 9106), hashed off the event loop."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.accounts.errors import WeakPassword

MIN_LENGTH = 10
MAX_LENGTH = 256

_hasher = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4)
"""RFC 9106's second recommended option: 3 passes over 64 MiB."""
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")
"""Two at a time: each takes 64 MiB, and a burst of sign-ins must not take all of it."""
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$nYTX3dPRHNUYSaQ6CD3sCw$Hnti9aCQxvfa1yH86vzUELo7tT3W8kNe+3k3TzEvMUc"
"""Verified where no account exists, so that an unknown address takes as long as a known one."""


def check_strength(password: str, email: str) -> None:
    """Raise WeakPassword for fewer than 10 or more than 256 characters, few different ones, or the address."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise WeakPassword(f"Choose a password of {MIN_LENGTH} to {MAX_LENGTH} characters.", path=("password",))
    if len(set(password)) < MIN_LENGTH // 2 or password.casefold() in {
        email.casefold(),
        email.split("@")[0].casefold(),
    }:
        raise WeakPassword("This password is easy to guess: choose several unrelated words.", path=("password",))


async def hash_password(password: str) -> str:
    """Return the encoded argon2id hash."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, password)


async def verify_password(password: str, encoded: str | None) -> bool:
    """Return whether the password fits; `None` (no such account) takes the same time and is never true."""
    verify = asyncio.get_running_loop().run_in_executor(_threads, _verify, password, encoded or NOBODY)
    return await verify and encoded is not None


def _verify(password: str, encoded: str) -> bool:
    try:
        return _hasher.verify(encoded, password)
    except (VerificationError, InvalidHashError):
        return False
