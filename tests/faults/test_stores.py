"""What really lies in Valkey and in the object store after people used the service: nothing that no store declares."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.core.personal_data import Medium
from app.integrations import valkey
from app.registries import STORES
from tests.fakes.server import RunningServer
from tests.fakes.uploads import Sender
from tests.fakes.waiting import until
from tests.media.pictures import painted, saved
from tests.workers.test_carriers import QUEUE, Taking, carrying

pytestmark = pytest.mark.filterwarnings("ignore:Call to deprecated close")  # ARQ says goodbye so
CHANNELS = frozenset({"PUBLISH", "SUBSCRIBE"})
LAST = "last"
"""A key that is asked for behind all others: commands are seen in their order."""


def declared(medium: Medium) -> tuple[str, ...]:
    return tuple(key for store in STORES.values() if store.medium is medium for key in store.keys)


@asynccontextmanager
async def watched(url: str) -> AsyncGenerator[set[str], None]:
    """Collect the keys and channels that commands name while the block runs."""
    seen: set[str] = set()
    async with Redis.from_url(url) as client, Redis.from_url(url) as asking, client.monitor() as monitor:
        task = asyncio.create_task(_collect(monitor, asking, seen))
        try:
            yield seen
            await client.exists(LAST)
            await until(_reached(seen))
            seen.remove(LAST)
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


def _reached(seen: set[str]) -> Callable[[], Awaitable[bool]]:
    async def reached() -> bool:
        return LAST in seen

    return reached


async def _collect(monitor: Any, asking: Any, seen: set[str]) -> None:
    known: set[str] = set()
    while True:
        words = str((await monitor.next_command())["command"]).split(" ")
        if words[0].upper() in CHANNELS:
            seen.add(words[1])
        elif (command := " ".join(words)) not in known and not command.startswith("COMMAND"):
            known.add(command)
            with suppress(RedisError):  # a command without keys
                seen |= {str(key) for key in await asking.execute_command("COMMAND GETKEYS", *words)}


def runner_took(runner: Taking) -> Callable[[], Awaitable[object]]:
    async def took() -> object:
        return runner.taken

    return took


async def test_no_key_and_no_object_is_undeclared(server: RunningServer, valkey_url: str, tmp_path: Path) -> None:
    runner, client = Taking(), valkey.connect(valkey_url)
    async with watched(valkey_url) as keys:
        token = await server.sign_up("ada")
        await Sender(server, token).reference(saved(painted(64, 64)), saved=True)
        await Sender(server, token).sent(saved(painted(64, 64)))
        await server.create(token)
        await server.queue.settle()
        async with carrying(valkey_url, runner):
            await valkey.ArqQueue(client).enqueue(QUEUE, uuid4(), 0)
            await until(runner_took(runner))
    await client.aclose()

    prefixes = declared(Medium.VALKEY)
    assert sorted(key for key in keys if not key.startswith(prefixes)) == []
    assert [prefix for prefix in prefixes if not any(key.startswith(prefix) for key in keys)] == []
    objects = {f"{path.name}/" for path in (tmp_path / "objects").iterdir() if not path.name.startswith(".")}
    assert objects == {"pictures/", "uploads/"}
    assert objects <= set(declared(Medium.OBJECT_STORE))
