"""`/account/privacy`: what a person asked of us, is asked, and may object to, and what a law had us hand over.

A yes and a no take the same clicks, and no script.

Nothing is ticked that the person did not tick: what was never asked, or is asked again, stands open.
"""

from dataclasses import dataclass
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.consents.objections import Stance, set_objections
from app.consents.purposes import EXPLANATIONS, OBJECTIONS, Method, Objectionable
from app.consents.queries import Consent, ConsentState, objections, standing
from app.consents.service import Choice, Way, set_consents
from app.core.consent_purposes import ConsentPurpose
from app.core.days import day
from app.core.limits import Doing, Per
from app.core.viewer import Viewer
from app.legal_disclosures.grounds import IN_WORDS as GROUNDS
from app.legal_disclosures.queries import own_legal_disclosures
from app.policy.record_files import CATEGORIES
from app.privacy.following import status_link
from app.privacy.queries import own_requests
from app.support.topics import RIGHTS as IN_WORDS
from app.web.browser import NO_STORE, Browser
from app.web.pages.origin import origin_of
from app.web.pages.ports import PagePorts
from app.web.pages.rendering import page
from app.web.pages.request_links import STANDS
from app.web.pages.signed_in import Refused, Sent, form_route

PATH = "/account/privacy"
SHOWN = 20
"""Privacy requests, and legal disclosures."""
ANSWERS = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class ChoicesPage:
    """The page of one server."""

    browser: Browser
    ports: PagePorts

    def routes(self) -> list[Route]:
        """Return the page's route and that of its form."""
        return [Route(PATH, self._get), form_route(PATH, self.browser, self._decide, self.show)]

    async def _get(self, request: Request) -> Response:
        viewer = await self.browser.viewer(request)
        return self.browser.to_sign_in(request) if viewer is None else await self.show(request, viewer)

    async def show(self, request: Request, viewer: Viewer, refused: Refused | None = None) -> Response:
        """Show where everything stands, or what was refused."""
        office, clock, links = self.ports.consents, self.ports.clock, self.ports.one_time
        stand = await standing(viewer, office.notices, clock)
        values = {
            "csrf": self.browser.proof(request),
            "error": refused[0] if refused else None,
            "kept": "kept" in request.query_params,
            "version": (await office.notices.in_force(clock.now())).version,
            "consents": [(consent, EXPLANATIONS[consent.purpose], _answer(consent)) for consent in stand.values()],
            "requests": [
                (IN_WORDS[each.right], STANDS[each.status], day(each.received_at), status_link(each.id, links))
                for each in await own_requests(viewer, first=SHOWN)
            ],
            "handed": [
                (each, GROUNDS[each.ground], "; ".join(CATEGORIES[kind] for kind in each.categories))
                for each in await own_legal_disclosures(viewer, first=SHOWN)
                if each.words
            ],
            "day": day,
            "objections": [(each, *OBJECTIONS[each.activity]) for each in await objections(viewer)],
        }
        return page("choices.html", values, refused[1] if refused else 200)

    async def _decide(self, sent: Sent) -> Response:
        """Record the answers that were given; a question that was left open stays open."""
        origin, hash_key = origin_of(sent.request), self.ports.idempotency_hash_key
        await self.ports.limits.check(Doing.DECIDE, {Per.VIEWER: str(sent.viewer.user_id)})
        answers = {name: ANSWERS[value] for name, value in sent.form.items() if value in ANSWERS}
        choices = [Choice(each, answers[each]) for each in ConsentPurpose if each in answers]
        stances = [Stance(each, answers[f"object-{each}"]) for each in Objectionable if f"object-{each}" in answers]
        if choices:
            await set_consents(
                sent.viewer,
                choices,
                sent.form.get("version", ""),
                key=str(uuid4()),
                hash_key=hash_key,
                office=self.ports.consents,
                way=Way(Method.ACCOUNT_PAGE, origin),
            )
        if stances:
            await set_objections(
                sent.viewer,
                stances,
                key=str(uuid4()),
                hash_key=hash_key,
                clock=self.ports.clock,
                origin=origin,
                effects=self.ports.consents.on_objection,
            )
        return RedirectResponse(f"{PATH}?kept", 303, NO_STORE)


def _answer(consent: Consent) -> str:
    """Return which answer the form shows as given; nothing where the question is open."""
    if consent.state is ConsentState.NEVER_ASKED or consent.must_be_asked_again:
        return ""
    return "yes" if consent.permits else "no"
