"""`/graphiql`: the page and its files. Who is shown it decides whoever mounts the routes."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from app.web.conditions import is_listed
from app.web.graphiql.bundle import LICENCES, Asset, Bundle
from app.web.negotiation import accepts_gzip
from app.web.security import page_headers

FOREVER = "public, max-age=31536000, immutable"
REVALIDATED = "no-cache"
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>AnyPeople GraphiQL</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/graphiql/{style}">
<script type="module" src="/graphiql/{script}"></script>
</head>
<body>
<div id="graphiql"><noscript>GraphiQL needs JavaScript. The API itself is at /graphql.</noscript></div>
</body>
</html>
"""


Refuse = Callable[[Request], Awaitable[Response | None]]


async def nobody_is_refused(_request: Request) -> Response | None:
    """Show the page to everybody, as in development."""
    return None


def graphiql_routes(base_url: str, refuse: Refuse = nobody_is_refused) -> list[Route]:
    """Return the routes of the page; `base_url` is where signed links to pictures lead.

    `refuse` answers whoever is not shown the page. Its files are those of a published package: anybody may have them.
    """
    bundle = Bundle.read()
    headers = page_headers(
        {
            "script-src": "'self'",
            "worker-src": "'self'",
            # Monaco and its menus write <style> elements and style attributes; a nonce cannot be given to them.
            "style-src": "'self' 'unsafe-inline'",
            "font-src": "'self'",
            "img-src": f"'self' data: {_origin(base_url)}",
            "connect-src": f"'self' {_origin(base_url, socket=True)}",
        }
    )
    html = PAGE.format(style=bundle.style, script=bundle.script)

    async def page(request: Request) -> Response:
        refused = await refuse(request)
        if refused is not None:
            return refused
        return HTMLResponse(html, headers={**headers, "cache-control": REVALIDATED})

    async def asset(request: Request) -> Response:
        name = request.path_params["name"]
        found = bundle.assets.get(name)
        if found is None:
            return Response("There is no such file.", 404, {"cache-control": "no-store"}, "text/plain")
        return await _answer(request, found, REVALIDATED if name == LICENCES else FOREVER)

    return [Route("/graphiql", page), Route("/graphiql/{name}", asset)]


async def _answer(request: Request, asset: Asset, caching: str) -> Response:
    """Send the gzipped bytes as they are; each encoding has an entity tag of its own."""
    zipped = accepts_gzip(request.headers.getlist("accept-encoding"))
    headers = {
        "cache-control": caching,
        "cross-origin-resource-policy": "same-origin",
        # A worker has the policy of its own file, not of the page: it fetches nothing and starts nothing.
        "content-security-policy": "default-src 'none'",
        "etag": f'"{asset.digest}-gzip"' if zipped else f'"{asset.digest}"',
        "vary": "accept-encoding",
    }
    if is_listed(", ".join(request.headers.getlist("if-none-match")), headers["etag"]):
        return Response(status_code=304, headers=headers)
    headers["content-type"] = asset.media_type
    if not zipped:
        return Response(await run_in_threadpool(asset.plain), headers=headers)
    return Response(asset.zipped, headers={**headers, "content-encoding": "gzip"})


def _origin(url: str, *, socket: bool = False) -> str:
    parts = urlsplit(url)
    scheme = parts.scheme.replace("http", "ws", 1) if socket else parts.scheme
    return f"{scheme}://{parts.netloc}"
