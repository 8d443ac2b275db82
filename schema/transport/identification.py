"""Who asks: whoever a token belongs to, else whoever is signed in by the cookie, where a page of our own asks."""

from typing import Protocol

from starlette.requests import HTTPConnection

from app.accounts.authentication import viewer_of
from app.core.viewer import Viewer
from schema.context import Context


class Browsers(Protocol):
    """Who is signed in by a browser's cookie."""

    origin: str
    """Of our own pages."""

    async def page_viewer(self, request: HTTPConnection, /) -> Viewer | None:
        """Return who is signed in, where a page of our own asks; nobody for pages of others."""
        ...


class InvalidToken(Exception):
    """A token was sent and is worth nothing (any more)."""


async def identify(authorization: str | None, context: Context) -> Viewer | None:
    """Return who an `Authorization` header, or the same of `connection_init`, speaks for; None for nobody.

    Raises InvalidToken, and OtherPage for a key that is not for the page that sent it.
    """
    if authorization is None:
        return await context.viewer_by_cookie()
    if not authorization:
        return None
    scheme, _, token = authorization.strip().partition(" ")
    if scheme.lower() != "bearer":
        raise InvalidToken
    ports = context.ports
    viewer = await viewer_of(token.strip(), ports.clock, context.page, ports.session_lifetime, ports.session_limit)
    if viewer is None:
        raise InvalidToken
    return viewer
