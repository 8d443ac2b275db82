"""Budgets in Valkey, the same for all processes. Without Valkey each process has its own until it is back.

What is kept of somebody is a number under a keyed hash of who they are, for as long as their bucket is not full: by
default 20 seconds at the most, and for limits (`app.core.limits`) an hour.
"""

import asyncio
import time
from collections.abc import Sequence

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.core.budgets import LocalBudgets
from app.core.keys import keyed_hash
from app.core.ports import Balance

PAUSE = 1.0
"""Seconds without Valkey after it did not answer: during an outage one request in so many waits, not every one."""
AT_ONCE = 16
"""Calls, and so connections, of this process."""
PREFIX = "anypeople:budget:"
LIMIT_PREFIX = "anypeople:limit:"
FORGET_TIMEOUT = 5.0
"""Seconds."""
SPEND = """
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1000000
local size, rate, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local used = math.max(0, (tonumber(redis.call('GET', KEYS[1])) or now) - now) * rate
if used + cost > size then
  return {0, tostring(size - used)}
end
local seconds = (used + cost) / rate
redis.call('SET', KEYS[1], string.format('%.6f', now + seconds), 'PX', math.max(1, math.ceil(seconds * 1000)))
return {1, tostring(size - used - cost)}
"""
"""The bucket of `app.core.budgets`, by Valkey's clock: those of our machines differ."""

log = structlog.get_logger(__name__)


class SharedBudgets:
    """`Budgets` that all processes share. A request waits for Valkey `timeout` seconds at the most."""

    def __init__(
        self, client: Redis, hash_key: bytes, size: int, restore_rate: float, timeout: float, prefix: str = PREFIX
    ) -> None:
        self.size = size
        self.restore_rate = restore_rate
        self._timeout = timeout
        self._prefix = prefix
        self._hash_key = hash_key
        self._script = client.register_script(SPEND)
        self._local = LocalBudgets(size, restore_rate)
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._away = False
        self._ask_again_at = 0.0

    async def spend(self, who: str, cost: int) -> Balance:
        """Ask Valkey, or decide here where it is away or slow."""
        key = keyed_hash(self._hash_key, who.encode()).hex()
        if time.monotonic() < self._ask_again_at:
            return await self._local.spend(key, cost)
        try:
            async with asyncio.timeout(self._timeout), self._turn:
                granted, left = await self._script(keys=[self._prefix + key], args=[self.size, self.restore_rate, cost])
        except (RedisError, OSError, TimeoutError) as error:
            self._lost(error)
            return await self._local.spend(key, cost)
        self._found()
        return Balance(bool(granted), float(left))

    def _lost(self, error: Exception) -> None:
        self._ask_again_at = time.monotonic() + PAUSE
        if not self._away:
            self._away = True
            log.warning("budgets.valkey_away", error=type(error).__name__)

    def _found(self) -> None:
        if self._away:
            self._away = False
            log.info("budgets.valkey_back")


class SharedCounters:
    """`app.core.ports.Counters`: the same keys, to be forgotten; without Valkey whoever asks is told."""

    def __init__(self, client: Redis, hash_key: bytes) -> None:
        self._client = client
        self._hash_key = hash_key

    def keys(self, budgets: Sequence[str], limits: Sequence[str]) -> list[str]:
        """Hash each name."""
        named = [*((PREFIX, name) for name in budgets), *((LIMIT_PREFIX, name) for name in limits)]
        return [prefix + keyed_hash(self._hash_key, name.encode()).hex() for prefix, name in named]

    async def delete(self, keys: Sequence[str]) -> int:
        """Ask Valkey. Raises OSError."""
        try:
            async with asyncio.timeout(FORGET_TIMEOUT):
                return int(await self._client.delete(*keys)) if keys else 0
        except (RedisError, TimeoutError) as error:
            raise ConnectionError("Valkey does not answer") from error
