"""`/`: what is where, for whoever opens the server's address in a browser."""

import base64
import hashlib

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from app.web.security import page_headers

STYLE = """
:root { color-scheme: light dark; font: 1rem/1.6 system-ui, sans-serif; }
body { margin: 12vh auto; max-width: 38rem; padding: 0 1.5rem; }
h1 { font-size: 1.6rem; margin: 0; }
dl { display: grid; gap: .6rem 1.5rem; grid-template-columns: max-content 1fr; margin-top: 2rem; }
dt { font-family: ui-monospace, monospace; }
dd { margin: 0; }
"""
PAGE = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>AnyPeople</title>
<link rel="icon" href="data:,">
<style>{STYLE}</style>
</head>
<body>
<main>
<h1>AnyPeople</h1>
<p>A backend for pictures of people. This server is for development.</p>
<dl>
<dt><a href="/graphiql">/graphiql</a></dt><dd>Try the API: it begins with a tour from signing up to a picture.</dd>
<dt><a href="/account">/account</a></dt><dd>Your account, once you have one: what opens it, and where.</dd>
<dt><a href="/dev/mail">/dev/mail</a></dt><dd>The mail that this server would have sent.</dd>
<dt>/graphql</dt><dd>The API itself: by GET and POST, over a WebSocket (graphql-transport-ws), and as server-sent
events (graphql-sse).</dd>
<dt><a href="/healthz">/healthz</a></dt><dd>Whether the process lives.</dd>
<dt><a href="/readyz">/readyz</a></dt><dd>Whether it can do its work.</dd>
</dl>
</main>
<footer><p><a href="/privacy">Privacy policy</a> and <a href="/terms">terms of service</a>.</p></footer>
</body>
</html>
"""
HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {**page_headers({"style-src": f"'sha256-{HASH}'", "img-src": "data:"}), "cache-control": "no-cache"}


def landing_routes() -> list[Route]:
    """Return the route of the page."""

    async def landing(_request: Request) -> HTMLResponse:
        return HTMLResponse(PAGE, headers=HEADERS)

    return [Route("/", landing)]
