"""`anypeople mail`: what a mail server hands over."""

import asyncio

from app.cli.supervisor import database
from app.core.config import Settings
from app.core.db import connected
from app.mail.bounces import MAX_BYTES, bounce_of
from app.mail.service import record_bounce

__all__ = ["MAX_BYTES", "receive"]


def receive(settings: Settings, content: bytes) -> str:
    """Record a bounce; return what was done, for the mail server's log. Raises AppError, EmbeddedError."""
    bounce = bounce_of(content)
    if bounce is None:
        return "Ignored: this is no bounce of ours."

    async def note(url: str) -> bool:
        async with connected(url, pool_size=1):
            return await record_bounce(*bounce)

    with database(settings) as url:
        known = asyncio.run(note(url))
    return "Recorded." if known else "Ignored: this mail is not ours, or forgotten."
