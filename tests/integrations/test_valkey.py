"""Signals over a Valkey that freezes: whoever listens is told, and hears again once it goes on."""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager, suppress

import pytest
from arq.connections import ArqRedis

from app.integrations import valkey
from app.integrations.valkey import PING_INTERVAL, ValkeySignals
from tests.conftest import Servers
from tests.fakes.waiting import until


@pytest.fixture
async def client(valkey_url: str) -> AsyncGenerator[ArqRedis, None]:
    made = valkey.connect(valkey_url)
    yield made
    await made.aclose()


@contextmanager
def frozen(process: int) -> Generator[None, None, None]:
    """It answers nothing and closes nothing, like a line that is cut."""
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


async def test_a_server_that_falls_silent_is_noticed_and_heard_again(servers: Servers, client: ArqRedis) -> None:
    signals, heard = ValkeySignals(client), list[bytes | None]()

    async def listen() -> None:
        async for message in signals.listen():
            heard.append(message)

    async def connected() -> bool:
        return signals.connected

    async def away() -> bool:
        return not signals.connected

    async def said() -> bool:
        await signals.publish(b"again")
        return heard[-1:] == [b"again"]

    listening = asyncio.create_task(listen())
    try:
        await until(connected)
        await until(said)
        with frozen(servers.valkey.pid):
            await until(away, within=2 * PING_INTERVAL + 20)
        heard.clear()
        await until(connected)
        await until(said)
        assert heard[0] is None
    finally:
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening


async def test_a_quiet_line_stays_up(client: ArqRedis) -> None:
    signals = ValkeySignals(client)
    listening = signals.listen()
    async with asyncio.timeout(30):
        assert await anext(listening) is None
        waiting = asyncio.ensure_future(anext(listening))
        done, _ = await asyncio.wait([waiting], timeout=3 * PING_INTERVAL)
        assert not done
        assert signals.connected
        await signals.publish(b"news")
        assert await waiting == b"news"
