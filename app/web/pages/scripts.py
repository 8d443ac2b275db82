"""`/account/passkeys.js`: the one script of our pages."""

import hashlib
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.web.conditions import is_listed

PATH = "/account/passkeys.js"


def script_routes() -> list[Route]:
    """Return the script's route."""
    content = (Path(__file__).parent / "passkeys.js").read_bytes()
    headers = {
        "cache-control": "no-cache",
        "content-security-policy": "default-src 'none'",
        "cross-origin-resource-policy": "same-origin",
        "etag": f'"{hashlib.sha256(content).hexdigest()[:32]}"',
    }

    async def script(request: Request) -> Response:
        if is_listed(", ".join(request.headers.getlist("if-none-match")), headers["etag"]):
            return Response(status_code=304, headers=headers)
        return Response(content, headers=headers, media_type="text/javascript")

    return [Route(PATH, script)]
