"""Our own pages: rendered here, without a script, readable on a phone and by a screen reader."""

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from app.accounts.errors import AccountRestricted
from app.core.errors import AppError, RateLimited
from app.web.security import page_headers

MAX_FORM_BYTES = 16_384
MAX_FORM_FIELDS = 20
FOLDER = Path(__file__).parent / "templates"
STYLE = (FOLDER / "style.css").read_text()
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
_environment = Environment(
    loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)

_environment.globals["contact"] = ""


def sign_with(contact: str) -> None:
    """Set the address that every page ends with (policy, P26); the composition root calls it."""
    _environment.globals["contact"] = contact


def page(
    template: str, values: Mapping[str, object], status: int = 200, leads_to: str = "", *, scripted: bool = False
) -> HTMLResponse:
    """Return a page that no cache keeps; every value is escaped.

    `leads_to` is the source (CSP) that the answer to its form may redirect to, besides our own pages. A `scripted` page
    has our script for passkeys, and no other.
    """
    content = _environment.get_template(template).render(values, style=STYLE, scripted=scripted)
    sources = {"style-src": f"'sha256-{_HASH}'", "img-src": "data:", "form-action": f"'self' {leads_to}".strip()}
    if scripted:
        sources |= {"script-src": "'self'", "connect-src": "'self'"}
    return HTMLResponse(content, status, headers={**page_headers(sources), "cache-control": "no-store"})


def refusal(error: AppError) -> tuple[str, int]:
    """Return what a page says of an error, and its status."""
    if isinstance(error, AccountRestricted):
        return f"{error.message} The reason: {error.reason}", 422
    return error.message, 429 if isinstance(error, RateLimited) else 422


async def sent(request: Request) -> Mapping[str, str]:
    """Return the fields of a form as browsers send them (`application/x-www-form-urlencoded`), the last of a name.

    Nothing for what is longer than a form of ours can be, or is none.
    """
    content = b""
    async for chunk in request.stream():
        content += chunk
        if len(content) > MAX_FORM_BYTES:
            return {}
    try:
        return dict(parse_qsl(content.decode(), keep_blank_values=True, max_num_fields=MAX_FORM_FIELDS))
    except ValueError:
        return {}
