"""Cookies (RFC 6265bis), set by whoever notices that one is due, and sent with the answer, whoever writes that."""

from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.policy.cookies import CookieRegister, DeclaredCookie, UndeclaredCookie

DUE = "cookies"
"""Where in the request's state they wait: value and seconds, by name."""


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie of the register, as one browser has it."""

    declared: DeclaredCookie

    def read(self, request: HTTPConnection) -> str:
        """Return what the browser sent; nothing where it sent none.

        The name counts letter by letter. Starlette takes off all that Python calls a blank; to browsers that is another
        name, which a host beside ours may set for the whole domain, whatever `__Host-` promises.
        """
        found = ""
        for pair in ";".join(request.headers.getlist("cookie")).split(";"):
            name, _, value = pair.partition("=")
            if name.strip(" \t") == self.declared.full_name:
                found = value.strip(" \t")
        return found

    def keep(self, request: HTTPConnection, value: str) -> None:
        """Have the browser keep a value of characters that cookies may have, with the answer to this request."""
        self._due(request, value, int(self.declared.lifetime.total_seconds()))

    def forget(self, request: HTTPConnection) -> None:
        """Have the browser forget it."""
        self._due(request, "", 0)

    def _due(self, request: HTTPConnection, value: str, seconds: int) -> None:
        request.scope.setdefault("state", {}).setdefault(DUE, {})[self.declared.name] = (value, seconds)


class Cookies:
    """ASGI middleware: adds the cookies that are due to the answer, which no cache keeps then.

    It is the only place that sets cookies. It raises UndeclaredCookie for one that the register does not have, and for
    an answer that comes with a cookie already: what is raised there becomes a 500.
    """

    def __init__(self, app: ASGIApp, register: CookieRegister) -> None:
        self.app = app
        self.register = register

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; a socket has no answer to add anything to."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope.setdefault("state", {})

        async def with_cookies(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message), scope["state"].get(DUE, {}))
            await send(message)

        await self.app(scope, receive, with_cookies)

    def _add(self, headers: MutableHeaders, due: dict[str, tuple[str, int]]) -> None:
        if "set-cookie" in headers:
            raise UndeclaredCookie("an answer sets a cookie by itself: declare it, and use app.web.cookies.Cookie")
        for name, (value, seconds) in due.items():
            headers.append("set-cookie", _written(self.register.named(name), value, seconds))
        if due and "no-store" not in headers.get("cache-control", ""):
            headers["cache-control"] = "no-store"


def _written(cookie: DeclaredCookie, value: str, seconds: int) -> str:
    attributes = [f"{cookie.full_name}={value}", f"Max-Age={seconds}", "Path=/"]
    attributes += ["HttpOnly"] if cookie.http_only else []
    attributes.append(f"SameSite={cookie.same_site.title()}")
    attributes += ["Secure"] if cookie.secure else []
    return "; ".join(attributes)
