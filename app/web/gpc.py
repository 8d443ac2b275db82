"""Global Privacy Control: `Sec-GPC: 1` is an opt-out, and `/.well-known/gpc.json` says that we honour it.

https://www.w3.org/TR/gpc/
"""

from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse
from starlette.routing import Route

SUPPORT = "/.well-known/gpc.json"
LAST_UPDATE = "2026-11-25"
"""The day on which what we do about the signal was last changed."""


def opts_out(request: HTTPConnection) -> bool:
    """Return whether the browser says so. Any other value than `1` is no signal (section 3.1)."""
    return request.headers.getlist("sec-gpc") == ["1"]


def gpc_routes() -> list[Route]:
    """Return the route of the support resource (section 4)."""

    async def support(_request: Request) -> JSONResponse:
        return JSONResponse({"gpc": True, "lastUpdate": LAST_UPDATE}, headers={"cache-control": "max-age=86400"})

    return [Route(SUPPORT, support)]
