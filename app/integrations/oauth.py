"""What asking a provider of sign-ins takes: one client for each question, bounded in time and size."""

import asyncio
import hashlib
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client

from app.core.ports import Clock, Departure, ProviderAway, ProviderDenied, ProviderMistrusted

MAX_ANSWER_BYTES = 256 * 1024
"""Far more than any token, set of keys or list of addresses."""
CONNECT_TIMEOUT = 5.0
"""Seconds."""
TRIES = 2
"""Of what only reads. A code is good for one exchange: that is never repeated."""
MAX_PARAMETER = 4096
DENIALS = frozenset({"access_denied", "consent_required", "interaction_required", "login_required"})

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Client:
    """Us, as a provider knows us."""

    id: str
    secret: str
    redirect: str
    """The one address that it sends people back to."""
    timeout: float
    """Seconds for each request."""
    clock: Clock

    @asynccontextmanager
    async def connected(self, scope: str, auth_method: str) -> AsyncGenerator[AsyncOAuth2Client, None]:
        """Open connections for the block, which has two timeouts' time.

        What its requests meet is raised as ProviderAway or ProviderMistrusted.
        """
        timeout = httpx2.Timeout(self.timeout, connect=min(CONNECT_TIMEOUT, self.timeout))
        client = AsyncOAuth2Client(
            client_id=self.id,
            client_secret=self.secret,
            token_endpoint_auth_method=auth_method,
            scope=scope,
            redirect_uri=self.redirect,
            code_challenge_method="S256",
            timeout=timeout,
            transport=_Bounded(),
            trust_env=False,
            follow_redirects=False,
        )
        try:
            async with client, asyncio.timeout(2 * self.timeout):
                yield client
        except (httpx2.HTTPError, TimeoutError) as error:
            raise ProviderAway(type(error).__name__) from None
        except AuthlibBaseError as error:
            raise ProviderMistrusted(f"token endpoint: {str(error.error)[:64]}") from None

    def departure(
        self, client: AsyncOAuth2Client, endpoint: str, *, anew: bool, nonce: str = "", **more: str
    ) -> Departure:
        """Return where to send a browser, with fresh secrets for its return."""
        state, verifier = new_secret(), new_secret()
        given = {**more, "nonce": nonce} if nonce else more
        url, _ = client.create_authorization_url(endpoint, state=state, code_verifier=verifier, **given)
        return Departure(url, state, nonce, verifier, self.clock.now(), anew)


def new_secret() -> str:
    """Return 256 random bits, in characters that a URL and PKCE may hold."""
    return secrets.token_urlsafe(32)


def subject_of(issuer: str, id: str) -> str:
    """Return what stands for somebody at an issuer (SHA-256, hexadecimal): the same id elsewhere is another."""
    return hashlib.sha256(f"{issuer}\n{id}".encode()).hexdigest()


def code_in(answer: Mapping[str, str], departure: Departure) -> str:
    """Return the code of a callback. Raises ProviderDenied, ProviderMistrusted."""
    if not secrets.compare_digest(answer.get("state", "").encode(), departure.state.encode()):
        raise ProviderMistrusted("state")
    if error := answer.get("error"):
        if error in DENIALS:
            raise ProviderDenied(error)
        raise ProviderMistrusted(f"callback: {error[:64]}")
    code = answer.get("code", "")
    if not 0 < len(code) <= MAX_PARAMETER:
        raise ProviderMistrusted("no code")
    return code


async def exchanged(client: AsyncOAuth2Client, endpoint: str, code: str, verifier: str) -> Mapping[str, Any]:
    """Return the tokens for a code, asked for once. Raises ProviderMistrusted, and what `connected` knows."""
    try:
        token: Mapping[str, Any] = await client.fetch_token(endpoint, code=code, code_verifier=verifier)
    except ValueError:
        raise ProviderMistrusted("token endpoint: no JSON") from None
    if not isinstance(token.get("access_token"), str) or str(token.get("token_type", "")).lower() != "bearer":
        raise ProviderMistrusted("token endpoint: no bearer token")
    return token


async def read_json(client: AsyncOAuth2Client, url: str, *, signed: bool = False, **headers: str) -> Any:
    """Return the JSON at an address of the provider's; `signed` with the token that was just exchanged.

    What may go away is asked once more. Raises ProviderAway, ProviderMistrusted.
    """
    for attempt in range(1, TRIES + 1):
        try:
            answer = await client.request("GET", url, headers=headers, withhold_token=not signed)
        except httpx2.TransportError as error:
            if attempt == TRIES:
                raise ProviderAway(type(error).__name__) from None
            continue
        if answer.is_success:
            try:
                return answer.json()
            except ValueError:
                raise ProviderMistrusted("no JSON") from None
        if attempt == TRIES or (answer.status_code < 500 and answer.status_code != httpx2.codes.TOO_MANY_REQUESTS):
            log.warning("provider.answered", status=answer.status_code)
            raise ProviderAway(f"answered {answer.status_code}")
    raise ProviderAway("no answer")


class _Bounded(httpx2.AsyncHTTPTransport):
    """Reads no more of an answer than it may have."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        request.headers["accept-encoding"] = "identity"  # a few bytes could unpack to gigabytes
        response = await super().handle_async_request(request)
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        response.stream = _BoundedStream(response.stream)
        return response


class _BoundedStream(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        taken = 0
        async for chunk in self._stream:
            taken += len(chunk)
            if taken > MAX_ANSWER_BYTES:
                raise httpx2.ReadError("the answer is too long")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()
