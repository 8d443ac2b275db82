"""Valkey: carries jobs (as ARQ's Redis) and signals. Whatever it loses is found again in PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import orjson
import structlog
from arq.connections import ArqRedis, RedisSettings
from arq.constants import health_check_key_suffix, in_progress_key_prefix
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as ValkeyConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as ValkeyTimeoutError

from app.core.concerns import ConfigurationError

SEND_TIMEOUT = 0.5
"""Seconds that a command's caller waits for Valkey at the most: the dispatcher and the hubs' polls are the backstop."""
RECONNECT_DELAY = 0.2
"""Seconds between attempts to listen again."""
PING_INTERVAL = 2.0
"""Seconds of silence after which the line is tried, and that an answer may take."""
CHANNEL = "anypeople:signals"
QUEUE_PREFIX = "anypeople:queue:"
FUNCTION = "run_job"

log = structlog.get_logger(__name__)


def arq_settings(url: str) -> RedisSettings:
    """Return ARQ's connection settings, such that a restart of Valkey kills no worker (both retry settings are needed).

    Raises ConfigurationError for a scheme that is neither redis:// nor rediss:// nor unix://.
    """
    if url.startswith("valkey"):
        url = "redis" + url.removeprefix("valkey")
    if not url.startswith(("redis://", "rediss://", "unix://")):
        raise ConfigurationError("VALKEY_URL: it begins with redis://, rediss://, valkey:// or unix://.")
    settings = RedisSettings.from_dsn(url)
    settings.retry = Retry(ExponentialBackoff(cap=0.5, base=0.05), 30)
    settings.retry_on_error = [OSError, ValkeyConnectionError, ValkeyTimeoutError]
    return settings


def serialize(value: dict[str, Any]) -> bytes:
    """Encode ARQ's job or result; an exception becomes the name of its type."""
    return orjson.dumps(value, default=lambda other: type(other).__name__)


deserialize: Callable[[bytes], dict[str, Any]] = orjson.loads


def queue_name(queue: str) -> str:
    """Return ARQ's name for a queue."""
    return f"{QUEUE_PREFIX}{queue}"


def health_key(queue: str) -> str:
    """Return the key that a living worker of the queue keeps renewing."""
    return queue_name(queue) + health_check_key_suffix


def connect(url: str) -> ArqRedis:
    """Return a client that connects when it is first used and never makes its caller wait for long."""
    settings = arq_settings(url)
    return ArqRedis(
        host=settings.host if isinstance(settings.host, str) else "localhost",
        port=settings.port,
        unix_socket_path=settings.unix_socket_path,
        db=settings.database,
        username=settings.username,
        password=settings.password,
        ssl=settings.ssl,
        socket_connect_timeout=SEND_TIMEOUT,
        socket_timeout=None,
        health_check_interval=15,
        job_serializer=serialize,
        job_deserializer=deserialize,
    )


class ArqQueue:
    """`JobQueue` on ARQ. The ARQ id is `row:attempt`: each attempt travels at most once at a time."""

    def __init__(self, client: ArqRedis) -> None:
        self._client = client

    async def enqueue(self, queue: str, job_id: UUID, attempt: int) -> None:
        """Send the row's id. Raises TimeoutError or RedisError where Valkey does not answer."""
        name = f"{job_id}:{attempt}"
        async with asyncio.timeout(SEND_TIMEOUT):
            sent = await self._client.enqueue_job(
                FUNCTION, str(job_id), attempt, _job_id=name, _queue_name=queue_name(queue)
            )
            if sent is None:
                # It travels already, yet nobody took the row. If a worker picked it up and was killed before it could,
                # ARQ would leave it to that worker for a day. One that is only slow shares it: the row goes to one.
                await self._client.delete(in_progress_key_prefix + name)


class ValkeySignals:
    """`Signals` on one publish-subscribe channel."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._connected = False

    @property
    def connected(self) -> bool:
        """Whether `listen` is listening."""
        return self._connected

    async def publish(self, message: bytes) -> None:
        """Send, or lose the message."""
        try:
            async with asyncio.timeout(SEND_TIMEOUT):
                await self._client.publish(CHANNEL, message)
        except (RedisError, OSError, TimeoutError) as error:
            log.debug("signal.lost", error=type(error).__name__)

    async def listen(self) -> AsyncIterator[bytes | None]:
        """Yield messages; None whenever the line is up again."""
        while True:
            try:
                async with self._client.pubsub() as line:
                    async with asyncio.timeout(PING_INTERVAL):
                        await line.subscribe(CHANNEL)
                    async for message in _heard(line):
                        if message["type"] == "subscribe":
                            self._connected = True
                            yield None
                        elif message["type"] == "message":
                            yield message["data"]
            except (RedisError, OSError) as error:
                log.warning("signals.line_down", error=type(error).__name__)
            finally:
                self._connected = False
            await asyncio.sleep(RECONNECT_DELAY)


async def _heard(line: PubSub) -> AsyncIterator[dict[str, Any]]:
    """Yield what comes. Raises ConnectionError where a silent server does not answer a ping either: it is frozen, or
    the line is cut and nobody said so.
    """
    loop, asked = asyncio.get_running_loop(), False
    while True:
        began = loop.time()
        message = await line.get_message(timeout=PING_INTERVAL)
        if message is not None:
            yield message
        if message is not None or loop.time() < began + PING_INTERVAL:
            asked = False
        elif asked:
            raise ValkeyConnectionError("no answer to a ping")
        else:
            asked = True
            await line.ping()
