"""`/support`: write to us, with an account or without one. Whoever cannot sign in, because they are suspended or were
taken for a minor, objects here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.accounts.identity import MAX_EMAIL, known_form
from app.accounts.queries import person
from app.core.errors import AppError
from app.core.limits import Doing, Per
from app.core.privacy_rights import PrivacyRight
from app.core.viewer import Viewer
from app.support.service import contact, contact_from
from app.support.texts import MAX_MESSAGE, inquiry
from app.support.topics import RIGHTS, TOPICS, Topic
from app.web.browser import Browser
from app.web.pages.origin import origin_of
from app.web.pages.ports import PagePorts
from app.web.pages.rendering import page, refusal, sent
from app.web.pages.sign_in import NOT_OURS

PATH = "/support"
MAX_FORM = 16 * MAX_MESSAGE
"""Bytes: a character can take twelve of them in a form."""
Choice = TypeVar("Choice", Topic, PrivacyRight)


@dataclass(frozen=True, slots=True)
class SupportPage:
    """The page of one server."""

    browser: Browser
    ports: PagePorts

    def routes(self) -> list[Route]:
        """Return the page's route."""
        return [Route(PATH, self.answer, methods=["GET", "POST"])]

    async def answer(self, request: Request) -> Response:
        """Show the form, or take what it says."""
        viewer = await self.browser.viewer(request)
        if request.method != "POST":
            return await self._show(request, viewer, {"topic": request.query_params.get("topic", "")})
        form = await sent(request, MAX_FORM)
        if not self.browser.proved(request, form):
            return await self._show(request, viewer, form, NOT_OURS)
        try:
            await self._take(request, viewer, form)
        except AppError as error:
            return await self._show(request, viewer, form, refusal(error))
        return page("support_taken.html", {"by_mail": viewer is None})

    async def _take(self, request: Request, viewer: Viewer | None, form: Mapping[str, str]) -> None:
        ports, key, email = self.ports, form.get("key", ""), form.get("email", "")
        topic = _chosen(Topic, form.get("topic", "")) or Topic.OTHER
        right = _chosen(PrivacyRight, form.get("right", "")) if topic is Topic.PRIVACY_REQUEST else None
        asked = inquiry(topic, form.get("message", ""), right)
        who = {Per.NETWORK: origin_of(request).network or "", Per.VIEWER: str(viewer.user_id) if viewer else ""}
        await ports.limits.check(
            Doing.CONTACT_SUPPORT, {**who, Per.TARGET: known_form(email) if viewer is None else ""}
        )
        if viewer is not None:
            await contact(viewer, asked, ports.support, key=key, hash_key=ports.idempotency_hash_key)
        else:
            await contact_from(email, asked, ports.support, key=key, hash_key=ports.idempotency_hash_key)

    async def _show(
        self,
        request: Request,
        viewer: Viewer | None,
        form: Mapping[str, str],
        refused: tuple[str, int] | None = None,
    ) -> Response:
        values = {
            "csrf": self.browser.proof(request),
            "error": refused[0] if refused else None,
            "known": await person(viewer) if viewer else None,
            "topics": TOPICS.items(),
            "rights": RIGHTS.items(),
            "topic": _chosen(Topic, form.get("topic", "")) or Topic.QUESTION,
            "right": _chosen(PrivacyRight, form.get("right", "")),
            "email": form.get("email", "")[:MAX_EMAIL],
            "message": form.get("message", ""),
            "longest": MAX_MESSAGE,
            "key": uuid4().hex,
        }
        return page("support.html", values, refused[1] if refused else 200)


def _chosen(kind: type[Choice], value: str) -> Choice | None:
    return kind(value) if value in kind.__members__ else None
