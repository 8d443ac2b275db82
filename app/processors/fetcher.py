"""The one way to fetch an address that came from outside: a provider's result, an avatar, a client's webhook.

Every hop is resolved by us, refused unless all of its addresses are public, and then connected to at the very address
that was checked: a second look-up (DNS rebinding) never happens. Bytes and seconds are bounded.
"""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import httpx

from app.processors.addresses import Resolve, is_public, resolve

MAX_REDIRECTS = 3
MAX_PORT = 65_535
CONNECT_TIMEOUT = 10.0
"""Seconds."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PORTS = {"http": 80, "https": 443}


class FetchError(Exception):
    """The address could not be fetched. The message never holds the address: it may carry a signature."""


class AddressRefused(FetchError):
    """The address is not one that may be asked: not https, not public, too many redirects. Trying again is no use.

    `sent` says whether another address was asked before, which led there.
    """

    code = "ADDRESS_REFUSED"
    sent = False


class FetchFailed(FetchError):
    """Unreachable, too slow, or answered with an error: may succeed later."""


class TooLarge(FetchError):
    """There is more of it than was allowed for."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host and port of a URL (RFC 6454)."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: httpx.URL) -> Self:
        """Return the origin; port 0 for a scheme other than http and https."""
        return cls(url.scheme, url.host.lower(), url.port or _PORTS.get(url.scheme, 0))

    @classmethod
    def parse(cls, url: str) -> Self:
        """Return the origin of an address. Raises AddressRefused for what is none."""
        return cls.of(_parse(url))


class Fetcher:
    """Fetches untrusted addresses.

    `trusted` is an origin that the operator configured, such as a server on this machine: it alone may be private or
    plain http. `transport` and `resolve` are the outside world.
    """

    def __init__(
        self,
        *,
        max_bytes: int,
        timeout: float,
        trusted: Origin | None = None,
        tls: ssl.SSLContext | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        resolve: Resolve = resolve,
    ) -> None:
        self._max_bytes = max_bytes
        self._timeout = timeout
        self._trusted = trusted
        self._tls = tls
        self._transport = transport
        self._resolve = resolve

    async def get(self, url: str) -> bytes:
        """Return the body behind `url`, at most `max_bytes` within `timeout` seconds, redirects included.

        Raises AddressRefused, FetchFailed, TooLarge.
        """
        try:
            async with asyncio.timeout(self._timeout), self._client() as client:
                return await self._follow(client, url)
        except (TimeoutError, httpx.TimeoutException) as error:
            raise FetchFailed("the address took too long") from error
        except httpx.HTTPError as error:
            raise FetchFailed("the address cannot be reached") from error

    async def post(self, url: str, content: bytes, headers: Mapping[str, str]) -> None:
        """Send `content` to an address within `timeout` seconds. It is sent to no other: a redirect is a failure.

        Raises AddressRefused, FetchFailed.
        """
        try:
            async with asyncio.timeout(self._timeout), self._client() as client:
                request = await self._request(client, _parse(url), "POST", content, headers)
                response = await client.send(request, stream=True)
                await response.aclose()
                if not response.is_success:
                    raise FetchFailed(f"the address answered {response.status_code}")
        except (TimeoutError, httpx.TimeoutException) as error:
            raise FetchFailed("the address took too long") from error
        except httpx.HTTPError as error:
            raise FetchFailed("the address cannot be reached") from error

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            verify=self._tls or True,
            transport=self._transport,
            trust_env=False,  # a proxy would look the name up again
            follow_redirects=False,
            timeout=httpx.Timeout(self._timeout, connect=min(CONNECT_TIMEOUT, self._timeout)),
            headers={"accept-encoding": "identity", "user-agent": "anypeople"},
        )

    async def _follow(self, client: httpx.AsyncClient, url: str) -> bytes:
        target, sent = _parse(url), False
        try:
            for _ in range(MAX_REDIRECTS + 1):
                request = await self._request(client, target)
                sent = True
                response = await client.send(request, stream=True)
                try:
                    if response.status_code not in _REDIRECTS:
                        return await self._body(response)
                    target = _parse(response.headers.get("location", ""), target)
                finally:
                    await response.aclose()
            raise AddressRefused("too many redirects")
        except AddressRefused as error:
            error.sent = sent
            raise

    async def _request(
        self,
        client: httpx.AsyncClient,
        url: httpx.URL,
        method: str = "GET",
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Request:
        """Return a request to the checked address; name and certificate are those of the URL's host."""
        origin = Origin.of(url)
        address = await self._checked(origin)
        return client.build_request(
            method,
            url.copy_with(host=address, username=None, password=None, fragment=None),
            content=content,
            headers={**(headers or {}), "host": url.netloc.decode("ascii").rpartition("@")[2]},
            extensions={"sni_hostname": origin.host},
        )

    async def _checked(self, origin: Origin) -> str:
        trusted = origin == self._trusted
        if not trusted and origin.scheme != "https":
            raise AddressRefused("the address is not https")
        try:
            addresses = await self._resolve(origin.host, origin.port)
        except (OSError, UnicodeError) as error:
            raise FetchFailed("the host is unknown") from error
        if not addresses:
            raise FetchFailed("the host is unknown")
        if not trusted and not all(map(is_public, addresses)):
            raise AddressRefused("the host is not on the public Internet")
        return addresses[0]

    async def _body(self, response: httpx.Response) -> bytes:
        if response.status_code != httpx.codes.OK:
            raise FetchFailed(f"the address answered {response.status_code}")
        if response.headers.get("content-encoding", "identity") != "identity":
            raise FetchFailed("the address answered in an encoding that was not asked for")
        body = bytearray()
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > self._max_bytes:
                raise TooLarge(f"more than {self._max_bytes} bytes")
        return bytes(body)


def _parse(url: str, base: httpx.URL | None = None) -> httpx.URL:
    try:
        parsed = base.join(url) if base is not None else httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise AddressRefused("the address cannot be read") from error
    if parsed.scheme not in _PORTS or not parsed.host or not 1 <= Origin.of(parsed).port <= MAX_PORT:
        raise AddressRefused("the address is not https")
    return parsed
