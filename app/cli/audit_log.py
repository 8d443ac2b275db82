"""`anypeople audit`: whether the audit log is what was sealed."""

import asyncio

from app.audit.verification import Broken, Verified, verify
from app.cli.errors import CommandFailed
from app.cli.supervisor import database
from app.core.config import Settings
from app.core.db import connected
from app.core.keys import derive
from app.core.signing import Signer


def check(settings: Settings, kept: str | None) -> Verified:
    """Verify the whole chain, and that it goes on from a tip that was kept.

    Raises CommandFailed, which names the first fault; AppError, EmbeddedError.
    """
    signer = Signer(derive(settings.security.key, "signatures"))

    async def look(url: str) -> Verified:
        async with connected(url, pool_size=1):
            return await verify(signer, kept)

    with database(settings) as url:
        try:
            return asyncio.run(look(url))
        except Broken as fault:
            raise CommandFailed(f"THE AUDIT LOG IS NOT WHAT WAS SEALED. {fault}") from None
