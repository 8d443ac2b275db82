"""Who asks: whoever a token belongs to, else whoever is signed in by the cookie, where a page of our own asks."""

from typing import Protocol

from starlette.requests import HTTPConnection

from app.accounts import tokens
from app.accounts.authentication import viewer_of
from app.analytics.events import Client
from app.core.viewer import Viewer
from schema.context import Context


class Browsers(Protocol):
    """Who is signed in by a browser's cookie."""

    origin: str
    """Of our own pages."""

    async def page_viewer(self, request: HTTPConnection, /) -> Viewer | None:
        """Return who is signed in, where a page of our own asks; nobody for pages of others."""
        ...

    def opted_out(self, request: HTTPConnection, /) -> bool:
        """Return whether a request has the opt-out signal (Global Privacy Control), or analytics was refused there."""
        ...


class InvalidToken(Exception):
    """A token was sent and is worth nothing (any more)."""


async def identify(authorization: str | None, context: Context) -> Viewer | None:
    """Return who an `Authorization` header, or the same of `connection_init`, speaks for; None for nobody.

    What they came with is noted in the context.

    Raises InvalidToken, and OtherPage for a key that is not for the page that sent it.
    """
    if authorization is None:
        viewer = await context.viewer_by_cookie()
        context.client = Client.SESSION if viewer else Client.ANONYMOUS
        return viewer
    if not authorization:
        return None
    scheme, _, token = authorization.strip().partition(" ")
    if scheme.lower() != "bearer":
        raise InvalidToken
    ports = context.ports
    viewer = await viewer_of(token.strip(), ports.clock, context.page, ports.session_lifetime, ports.session_limit)
    if viewer is None:
        raise InvalidToken
    context.client = _client_of(token.strip())
    return viewer


def _client_of(token: str) -> Client:
    if token.startswith(tokens.KEY_PREFIX):
        return Client.API_KEY
    return Client.APP if token.startswith(tokens.ACCESS_PREFIX) else Client.SESSION
