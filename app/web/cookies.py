"""Cookies (RFC 6265bis), set by whoever notices that one is due, and sent with the answer, whoever writes that."""

from dataclasses import dataclass
from datetime import timedelta

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

DUE = "cookies"
"""Where in the request's state they wait: by name, as header fields."""


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie of this host alone, out of reach of scripts. Over https its name says so, and browsers hold us to it."""

    name: str
    secure: bool
    lasts: timedelta

    @property
    def full_name(self) -> str:
        """Return the name that is sent: `__Host-` needs https."""
        return f"__Host-{self.name}" if self.secure else self.name

    def read(self, request: HTTPConnection) -> str:
        """Return what the browser sent; nothing where it sent none.

        The name counts letter by letter. Starlette takes off all that Python calls a blank; to browsers that is another
        name, which a host beside ours may set for the whole domain, whatever `__Host-` promises.
        """
        found = ""
        for pair in ";".join(request.headers.getlist("cookie")).split(";"):
            name, _, value = pair.partition("=")
            if name.strip(" \t") == self.full_name:
                found = value.strip(" \t")
        return found

    def keep(self, request: HTTPConnection, value: str) -> None:
        """Have the browser keep a value of URL-safe base64, with the answer to this request."""
        self._due(request, value, int(self.lasts.total_seconds()))

    def forget(self, request: HTTPConnection) -> None:
        """Have the browser forget it."""
        self._due(request, "", 0)

    def _due(self, request: HTTPConnection, value: str, seconds: int) -> None:
        secure = "; Secure" if self.secure else ""
        written = f"{self.full_name}={value}; Max-Age={seconds}; Path=/; HttpOnly; SameSite=Lax{secure}"
        request.scope.setdefault("state", {}).setdefault(DUE, {})[self.full_name] = written


class Cookies:
    """ASGI middleware: adds the cookies that are due to the answer, which no cache keeps then."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; a socket has no answer to add anything to."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope.setdefault("state", {})

        async def with_cookies(message: Message) -> None:
            due = scope["state"].get(DUE)
            if message["type"] == "http.response.start" and due:
                headers = MutableHeaders(scope=message)
                for written in due.values():
                    headers.append("set-cookie", written)
                if "no-store" not in headers.get("cache-control", ""):
                    headers["cache-control"] = "no-store"
            await send(message)

        await self.app(scope, receive, with_cookies)
