"""`/unsubscribe/…`: where the links of promotional mail lead. Opening one changes nothing; a POST turns such mail off.

Mail programs send theirs by themselves (RFC 8058): from servers anywhere, without a cookie or a page of ours before it.
So the link alone is the proof, nothing is counted against whoever comes with one, and no cookie is set. Its number is
random (122 bits), and every link gets the same answer: none tells whether it is anybody's.
"""

import re
from urllib.parse import parse_qsl
from uuid import UUID

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.consents.office import ConsentOffice
from app.consents.purposes import Method
from app.mail.rendering import UNSUBSCRIBE
from app.marketing.service import unsubscribe
from app.web.browser import NO_STORE
from app.web.pages.origin import origin_of
from app.web.pages.rendering import content_of, public_page

MAX_BYTES = 2_048
ONE_CLICK = ("List-Unsubscribe", "One-Click")
PRESSED = ("decision", "unsubscribe")
_LINK = re.compile(r"[0-9a-f]{32}")
_PART = re.compile(
    rb'^content-disposition:[ \t]*form-data;[ \t]*name="?List-Unsubscribe"?[ \t]*\r?\n'
    rb"(?:[^\r\n]+\r?\n)*\r?\n[ \t]*One-Click[ \t]*\r?\n--",
    re.IGNORECASE | re.MULTILINE,
)


def unsubscribe_routes(office: ConsentOffice) -> list[Route]:
    """Return the page. `office` records the withdrawal."""

    async def answer(request: Request) -> Response:
        if request.method != "POST":
            return _page(done=False)
        method = _method(request.headers.get("content-type", ""), await content_of(request, MAX_BYTES))
        if method is None:
            return _page(done=False, status=422)
        if _LINK.fullmatch(request.path_params["link"]):
            await unsubscribe(UUID(request.path_params["link"]), office, method, origin_of(request))
        if method is Method.ONE_CLICK:
            return PlainTextResponse("News by mail is off.\n", headers=NO_STORE)
        return _page(done=True)

    return [Route(UNSUBSCRIBE + "/{link}", answer, methods=["GET", "POST"])]


def _method(content_type: str, content: bytes) -> Method | None:
    """Return who sent a form: a mail program, or our page; None where it is neither's."""
    if content_type.lower().startswith("multipart/form-data"):
        return Method.ONE_CLICK if _PART.search(content) else None
    try:
        fields = parse_qsl(content.decode(), max_num_fields=10)
    except ValueError:
        return None
    if ONE_CLICK in fields:
        return Method.ONE_CLICK
    return Method.UNSUBSCRIBE_LINK if PRESSED in fields else None


def _page(*, done: bool, status: int = 200) -> Response:
    page = public_page("unsubscribe.html", {"done": done}, status)
    page.headers.update(NO_STORE)
    return page
