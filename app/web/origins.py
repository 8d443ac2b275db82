"""Which pages of others may call us from a browser: the configured ones, and any page what shows nothing by itself."""

from collections.abc import Collection

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

METHODS = ("GET", "POST", "PUT")


class CrossOrigin:
    """ASGI middleware. `open_paths` need no cookie and no session: any page may call them, without credentials."""

    def __init__(
        self, app: ASGIApp, *, origins: Collection[str], pattern: str | None, open_paths: Collection[str]
    ) -> None:
        self._open_paths = frozenset(open_paths)
        self._open = CORSMiddleware(app, allow_origins=["*"], allow_methods=["GET", "POST"], max_age=3600)
        self._listed = CORSMiddleware(
            app,
            allow_origins=list(origins),
            allow_origin_regex=pattern,
            allow_methods=METHODS,
            allow_headers=["authorization", "content-type"],
            expose_headers=["x-request-id", "retry-after"],
            max_age=3600,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        is_open = scope["type"] == "http" and scope["path"] in self._open_paths
        await (self._open if is_open else self._listed)(scope, receive, send)
