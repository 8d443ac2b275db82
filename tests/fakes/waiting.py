"""Waiting for a condition, with a limit."""

import asyncio
from collections.abc import Awaitable, Callable


async def until(condition: Callable[[], Awaitable[object]], within: float = 20.0) -> None:
    """Ask again and again until the condition holds. Raises TimeoutError after `within` seconds.

    They are for a machine that does much besides, so they are many, and asking gets rarer with time.
    """
    pause = 0.005
    async with asyncio.timeout(within):
        while not await condition():
            await asyncio.sleep(pause)
            pause = min(1.2 * pause, 0.1)
