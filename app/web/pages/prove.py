"""`/account/prove`: a fresh proof for what is hard to undo (step-up), then back to where it was asked for."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.accounts import step_up
from app.accounts.methods import fresh_methods
from app.core.errors import AppError
from app.core.limits import Doing, Per
from app.core.viewer import Viewer
from app.web.browser import NO_STORE, PROVE, Browser
from app.web.local_paths import local_path
from app.web.pages.offers import Offers
from app.web.pages.origin import origin_of
from app.web.pages.ports import PagePorts
from app.web.pages.rendering import page, refusal, sent
from app.web.pages.sign_in import NOT_OURS


@dataclass(frozen=True, slots=True)
class ProofPage:
    """The page of one server."""

    browser: Browser
    ports: PagePorts
    offers: Offers

    def routes(self) -> list[Route]:
        """Return the page's route."""
        return [Route(PROVE, self.answer, methods=["GET", "POST"])]

    async def answer(self, request: Request) -> Response:
        """Ask for a proof, or take one."""
        viewer = await self.browser.viewer(request)
        if viewer is None:
            return self.browser.to_sign_in(request)
        if request.method != "POST":
            return await self._show(request, viewer)
        form = await sent(request)
        if not self.browser.proved(request, form):
            return await self._show(request, viewer, NOT_OURS)
        try:
            await self._prove(request, viewer, form)
        except AppError as error:
            return await self._show(request, viewer, refusal(error))
        return RedirectResponse(local_path(request.query_params.get("next", "")), 303, NO_STORE)

    async def _prove(self, request: Request, viewer: Viewer, form: Mapping[str, str]) -> None:
        ports, origin = self.ports, origin_of(request)
        await ports.limits.check(
            Doing.REAUTHENTICATE, {Per.NETWORK: origin.network or "", Per.VIEWER: str(viewer.user_id)}
        )
        if credential := form.get("credential"):
            await step_up.reauthenticate_with_passkey(viewer, credential, ports.relying_party, origin)
            return
        await step_up.reauthenticate(viewer, form.get("password"), form.get("code"), ports.sealer, ports.clock, origin)

    async def _show(self, request: Request, viewer: Viewer, refused: tuple[str, int] | None = None) -> Response:
        methods = await fresh_methods(viewer.user_id)
        values = {
            "csrf": self.browser.proof(request),
            "error": refused[0] if refused else None,
            "methods": methods,
            "offers": [offer for offer in self.offers.offers if offer.provider in methods],
            "next": local_path(request.query_params.get("next", "")),
        }
        return page("prove.html", values, refused[1] if refused else 200, self.offers.leads_to, scripted=True)
