"""`/requests`: ask for a right over one's data, with an account or without one.

Without a session, the address that is named gets a link, and whoever typed it the same words as everybody. With one, it
is the account's own request, after a fresh proof where the right takes one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.accounts.errors import StepUpRequired
from app.accounts.identity import MAX_EMAIL, known_form
from app.accounts.queries import person
from app.core.errors import AppError, InvalidInput
from app.core.limits import Doing, Per
from app.core.privacy_rights import PrivacyRight
from app.core.viewer import Viewer
from app.privacy.asked import Asked
from app.privacy.asking import MAX_STATEMENT, submit
from app.privacy.following import status_link
from app.privacy.meanings import MEANINGS
from app.privacy.rights.registry import RIGHTS
from app.privacy.status import Residence
from app.privacy.strangers import ask_from
from app.support.topics import RIGHTS as IN_WORDS
from app.web.browser import NO_STORE, Browser
from app.web.pages.origin import origin_of
from app.web.pages.ports import PagePorts
from app.web.pages.rendering import page, refusal, sent
from app.web.pages.sign_in import NOT_OURS

PATH = "/requests"
MAX_FORM = 16 * MAX_STATEMENT
"""Bytes: a character can take twelve of them in a form."""
RESIDENCES = {
    Residence.EUROPE: "In the European Economic Area, the United Kingdom or Switzerland",
    Residence.CALIFORNIA: "In California",
    Residence.ELSEWHERE: "Somewhere else",
}


@dataclass(frozen=True, slots=True)
class RequestPage:
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
            return await self._show(request, viewer, dict(request.query_params))
        form = await sent(request, MAX_FORM)
        if not self.browser.proved(request, form):
            return await self._show(request, viewer, form, NOT_OURS)
        try:
            return await self._take(request, viewer, form)
        except StepUpRequired:
            return self.browser.to_proof(request, f"{PATH}?right={form.get('right', '')}")
        except AppError as error:
            return await self._show(request, viewer, form, refusal(error))

    async def _take(self, request: Request, viewer: Viewer | None, form: Mapping[str, str]) -> Response:
        """Ask. Raises AppError."""
        ports, asked, email = self.ports, asked_of(form), form.get("email", "")
        who = {Per.NETWORK: origin_of(request).network or "", Per.VIEWER: str(viewer.user_id) if viewer else ""}
        await ports.limits.check(Doing.ASK_FOR_RIGHT, {**who, Per.TARGET: "" if viewer else known_form(email)})
        if viewer is None:
            await ask_from(email, asked, ports.requests)
            return page("requests_taken.html", {})
        key, hash_key = form.get("key", ""), ports.idempotency_hash_key
        made = await submit(viewer, asked, ports.requests, key=key, hash_key=hash_key)
        return RedirectResponse(status_link(made.id, ports.one_time), 303, NO_STORE)

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
            "rights": [(right, IN_WORDS[right], MEANINGS[right]) for right in RIGHTS],
            "residences": RESIDENCES.items(),
            "right": form.get("right", ""),
            "residence": form.get("residence", ""),
            "email": form.get("email", "")[:MAX_EMAIL],
            "statement": form.get("statement", "")[:MAX_STATEMENT],
            "waive": "waive" in form,
            "hours": round(self.ports.requests.erasure_grace.total_seconds() / 3600),
            "longest": MAX_STATEMENT,
            "key": uuid4().hex,
        }
        return page("requests.html", values, refused[1] if refused else 200)


def asked_of(form: Mapping[str, str]) -> Asked:
    """Return what a form asks for. Raises InvalidInput where it names no right that there is."""
    right, residence = form.get("right", ""), form.get("residence", "")
    if right not in PrivacyRight.__members__ or PrivacyRight(right) not in RIGHTS:
        raise InvalidInput("Choose what you want.", path=("right",))
    lives = Residence(residence) if residence in Residence.__members__ else None
    at_once = right == PrivacyRight.ERASURE and form.get("waive") == "yes"
    return Asked(PrivacyRight(right), form.get("statement", "").strip(), lives, waive_grace=at_once)
