"""`anypeople audit`: whether the audit log is what was sealed."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from app.audit.chain import ChainBroken, resign
from app.audit.verification import Broken, NoTip, Verified, verify
from app.cli.errors import CommandFailed
from app.cli.supervisor import database
from app.core.config import Settings
from app.core.db import connected
from app.core.keys import derive
from app.core.signing import Signer

T = TypeVar("T")


def check(settings: Settings, kept: str | None) -> Verified:
    """Verify the whole chain, and that it goes on from a tip that was kept.

    Raises CommandFailed, which names the first fault; AppError, EmbeddedError.
    """
    signer = _signer(settings.security.key)
    return _asked(settings, lambda: verify(signer, kept))


def sign_anew(settings: Settings, old_secret: str) -> Verified:
    """Verify the chain by the secret of before, and sign its end by the one of now. Raises as `check`."""
    old, new = _signer(old_secret.encode()), _signer(settings.security.key)

    async def work() -> Verified:
        await verify(old)
        await resign(old, new)
        return await verify(new)

    return _asked(settings, work)


def _signer(secret: bytes) -> Signer:
    return Signer(derive(secret, "signatures"))


def _asked(settings: Settings, work: Callable[[], Awaitable[T]]) -> T:
    async def connect_and_work(url: str) -> T:
        async with connected(url, pool_size=1):
            return await work()

    with database(settings) as url:
        try:
            return asyncio.run(connect_and_work(url))
        except NoTip as fault:
            raise CommandFailed(str(fault)) from None
        except (Broken, ChainBroken) as fault:
            raise CommandFailed(f"THE AUDIT LOG IS NOT WHAT WAS SEALED. {fault}") from None
