"""`/dev/mail`: what development would have mailed."""

import asyncio
import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from app.web.pages.rendering import page

SHOWN = 50
_ID = re.compile(r"[0-9a-f-]{36}")
_LINK = re.compile(r"https?://\S+token=\S+")


@dataclass(frozen=True, slots=True)
class ShownLetter:
    """A letter in the folder."""

    id: str
    to: str
    subject: str
    date: str
    text: str
    link: str | None


def mailbox_routes(folder: Path) -> list[Route]:
    """Return the pages of a folder that `app.integrations.mailbox` writes."""

    async def mailbox(_request: Request) -> HTMLResponse:
        return page("mailbox.html", {"letters": await asyncio.to_thread(_latest, folder)})

    async def letter(request: Request) -> HTMLResponse:
        name = request.path_params["id"]
        path = folder / f"{name}.eml"
        if not _ID.fullmatch(name) or not path.is_file():
            return page("mailbox.html", {"letters": []}, 404)
        return page("letter.html", {"letter": await asyncio.to_thread(_read, path)})

    return [Route("/dev/mail", mailbox), Route("/dev/mail/{id}", letter)]


def _latest(folder: Path) -> list[ShownLetter]:
    return [_read(path) for path in sorted(folder.glob("*.eml"), reverse=True)[:SHOWN]]


def _read(path: Path) -> ShownLetter:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    body = message.get_body(("plain",)) if isinstance(message, EmailMessage) else None
    text = str(body.get_content()) if body else ""
    link = _LINK.search(text)
    return ShownLetter(
        path.stem, str(message["to"]), str(message["subject"]), str(message["date"]), text, link[0] if link else None
    )
