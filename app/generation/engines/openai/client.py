"""Talks to the server: time limits, size limits, repeated attempts. Logs statuses and codes, never what was said."""

import asyncio
import random
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from typing import TypeVar

import httpx
import structlog

from app.generation.engines.base import BadOutput, EngineError, EngineTimeout
from app.generation.engines.openai import failures, wire
from app.generation.engines.openai.failures import TryAgain
from app.generation.engines.openai.settings import NAME, OpenAISettings
from app.generation.engines.openai.stream import Completed, EventReader, Partial, meaning
from app.generation.engines.openai.wire import Wanted
from app.processors.fetcher import AddressRefused, Fetcher, FetchFailed, TooLarge
from app.processors.service import Sending

MAX_ERROR_BYTES = 64 * 1024
R = TypeVar("R")

log = structlog.get_logger(__name__)


@asynccontextmanager
async def connected(settings: OpenAISettings, tls: ssl.SSLContext) -> AsyncGenerator[httpx.AsyncClient, None]:
    """Open connections for one order; they close with the block, which is what tells the server to stop."""
    timeout = httpx.Timeout(settings.timeout, connect=min(settings.connect_timeout, settings.timeout))
    headers = {"accept-encoding": "identity", "user-agent": "anypeople"}
    # No proxy of the environment: bytes leave for the server that the register names, and for nobody else.
    async with httpx.AsyncClient(verify=tls, timeout=timeout, headers=headers, trust_env=False) as client:
        yield client


class Conversation:
    """Asks for pictures, one request each."""

    def __init__(self, client: httpx.AsyncClient, settings: OpenAISettings, fetcher: Fetcher, sending: Sending) -> None:
        self._sending = sending
        self._client = client
        self._settings = settings
        self._fetcher = fetcher

    async def draw(self, wanted: Wanted, show: Callable[[Partial], None]) -> bytes:
        """Return one finished picture; `show` gets the unfinished ones.

        Raises Refused, EngineUnavailable once the retries are used up, EngineTimeout, BadOutput, EngineError.
        """
        picture = await self._persistently(lambda: self._ask(wanted, show))
        if isinstance(picture, bytes):
            return picture
        address = picture
        return await self._persistently(lambda: self._fetch(address))

    async def _persistently(self, call: Callable[[], Awaitable[R]]) -> R:
        """Repeat what may go away: after as long as the server asks for, or ever longer where it says nothing.

        What it asks for may be too long to keep a worker waiting: then the job comes back.
        """
        for attempt in range(self._settings.retries):
            try:
                return await call()
            except TryAgain as error:
                wait = error.retry_after
                if wait is None:
                    wait = self._settings.retry_delay * 2**attempt * random.uniform(0.8, 1.2)  # noqa: S311 - spreads
                elif wait > self._settings.max_retry_after:
                    raise
                await asyncio.sleep(wait)
        return await call()

    async def _ask(self, wanted: Wanted, show: Callable[[Partial], None]) -> wire.Picture:
        try:
            async with asyncio.timeout(self._settings.timeout):
                request = wire.request(self._client, self._settings, wanted)
                response = await self._client.send(request, stream=True)
                try:
                    return await self._read(response, show)
                finally:
                    await response.aclose()
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            _note("unreachable", type(error).__name__)
            raise TryAgain("The image server cannot be reached: try again later.") from error
        except (TimeoutError, httpx.TimeoutException) as error:
            # Not repeated here: the server may still be at it. The job asks again, with the same idempotency key.
            _note("timeout", type(error).__name__)
            raise EngineTimeout("The image server took too long: try again later.") from error
        except httpx.HTTPError as error:
            _note("broken_off", type(error).__name__)
            raise TryAgain("The image server broke off: try again later.") from error

    async def _read(self, response: httpx.Response, show: Callable[[Partial], None]) -> wire.Picture:
        if response.headers.get("content-encoding", "identity") != "identity":
            raise wire.bad_output()  # never unpacked: a few bytes can become gigabytes
        if not response.is_success:
            found = failures.read(await _bounded(response, MAX_ERROR_BYTES))
            _note("answer", found.code, status=response.status_code, type=found.kind)
            raise failures.of_answer(response.status_code, response.headers, found)
        if response.headers.get("content-type", "").startswith("text/event-stream"):
            return await self._watch(response, show)
        return wire.picture(await _bounded(response, self._settings.max_answer_bytes))

    async def _watch(self, response: httpx.Response, show: Callable[[Partial], None]) -> wire.Picture:
        reader = EventReader()
        async with aclosing(_chunks(response, self._settings.max_answer_bytes)) as chunks:
            async for chunk in chunks:
                for event, data in reader.feed(chunk):
                    match meaning(event, data):
                        case Completed(picture):
                            return picture
                        case Partial() as partial:
                            show(partial)
        _note("broken_off", "no_completed_event")
        raise TryAgain("The image server broke off: try again later.")

    async def _fetch(self, address: str) -> bytes:
        try:
            return await self._fetcher.get(address)
        except AddressRefused as error:
            _note("result_refused", str(error))
            await self._sending.refuse_address()
            raise EngineError("The image server pointed to an address that must not be asked.") from error
        except TooLarge as error:
            raise BadOutput("The image server's picture is too large.") from error
        except FetchFailed as error:
            _note("result_unreachable", str(error))
            raise TryAgain("The finished picture could not be fetched: try again later.") from error


async def _chunks(response: httpx.Response, limit: int) -> AsyncGenerator[bytes, None]:
    """Yield the body as it comes. Raises BadOutput beyond `limit` bytes."""
    taken = 0
    async for chunk in response.aiter_raw():
        taken += len(chunk)
        if taken > limit:
            raise wire.bad_output()
        yield chunk


async def _bounded(response: httpx.Response, limit: int) -> bytes:
    async with aclosing(_chunks(response, limit)) as chunks:
        return b"".join([chunk async for chunk in chunks])


def _note(event: str, reason: str, **values: object) -> None:
    log.warning(f"engine.{event}", engine=NAME, reason=reason, **values)
