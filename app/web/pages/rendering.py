"""Our own pages: rendered here, without a script, readable on a phone and by a screen reader."""

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.types import Receive, Scope, Send

from app.accounts.errors import AccountRestricted
from app.core.errors import AppError, RateLimited
from app.web.security import page_headers

MAX_FORM_BYTES = 16_384
MAX_FORM_FIELDS = 20
FOLDER = Path(__file__).parent / "templates"
STYLE = (FOLDER / "style.css").read_text()
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
SOURCES = {"style-src": f"'sha256-{_HASH}'", "img-src": "data:"}
_environment = Environment(
    loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)

_environment.globals["contact"] = ""


def sign_with(contact: str) -> None:
    """Set the address that every page ends with (policy, P26.1); the composition root calls it."""
    _environment.globals["contact"] = contact


class Page(HTMLResponse):
    """A page that is rendered when it is sent: what is around it depends on the request.

    `app.state.surroundings` says what that is (`app.web.pages.surroundings`).
    """

    def __init__(self, template: str, values: Mapping[str, object], status: int, headers: Mapping[str, str]) -> None:
        super().__init__(None, status, headers)
        self.template = template
        self.values = values

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Render and send it."""
        name = self.template.removesuffix(".html")
        around = await scope["app"].state.surroundings(Request(scope), name, self.status_code)
        self.body = self.render(_rendered(self.template, self.values, around))
        self.headers["content-length"] = str(len(self.body))
        await super().__call__(scope, receive, send)


def page(
    template: str, values: Mapping[str, object], status: int = 200, leads_to: str = "", *, scripted: bool = False
) -> Page:
    """Return a page that no cache keeps; every value is escaped.

    `leads_to` is the source (CSP) that the answer to its form may redirect to, besides our own pages. A `scripted` page
    has our script for passkeys, and no other.
    """
    sources = {**SOURCES, "form-action": f"'self' {leads_to}".strip()}
    if scripted:
        sources |= {"script-src": "'self'", "connect-src": "'self'"}
    headers = {**page_headers(sources), "cache-control": "no-store"}
    return Page(template, {**values, "scripted": scripted}, status, headers)


def public_page(template: str, values: Mapping[str, object], status: int = 200) -> HTMLResponse:
    """Return a page that is the same for everybody: no cookie, no question about any, no form; caches may keep it."""
    content = _rendered(template, {**values, "scripted": False}, None)
    return HTMLResponse(content, status, headers=page_headers({**SOURCES, "form-action": "'self'"}))


def _rendered(template: str, values: Mapping[str, object], around: object | None) -> str:
    return _environment.get_template(template).render(values, style=STYLE, around=around)


def refusal(error: AppError) -> tuple[str, int]:
    """Return what a page says of an error, and its status."""
    if isinstance(error, AccountRestricted):
        return f"{error.message} The reason: {error.reason}", 422
    return error.message, 429 if isinstance(error, RateLimited) else 422


async def content_of(request: Request, most: int) -> bytes:
    """Return what was sent; nothing of what is longer than `most` bytes."""
    content = b""
    async for chunk in request.stream():
        content += chunk
        if len(content) > most:
            return b""
    return content


async def sent(request: Request, longest: int = MAX_FORM_BYTES) -> Mapping[str, str]:
    """Return the fields of a form as browsers send them (`application/x-www-form-urlencoded`), the last of a name.

    Nothing for what is longer than that form of ours can be, or is none.
    """
    content = await content_of(request, longest)
    try:
        return dict(parse_qsl(content.decode(), keep_blank_values=True, max_num_fields=MAX_FORM_FIELDS))
    except ValueError:
        return {}
