"""`/account/sign-in`, `/account/second-factor`, `/account/sign-out`: the one place where browsers sign people in."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.accounts import challenges, service
from app.accounts.challenges import Challenge
from app.accounts.identity import known_form
from app.accounts.queries import person
from app.accounts.sessions import SignedIn
from app.core.errors import AppError
from app.core.limits import Doing, Per
from app.web.browser import SECOND_FACTOR, SIGN_IN, Browser
from app.web.local_paths import local_path
from app.web.pages.offers import Offers
from app.web.pages.origin import origin_of
from app.web.pages.ports import PagePorts
from app.web.pages.rendering import page, refusal, sent

SIGN_OUT = "/account/sign-out"
NOT_OURS = ("This form was too old, or not ours: send it again.", 422)
MAX_ADDRESS = 254


@dataclass(frozen=True, slots=True)
class SignInPages:
    """The pages of one server."""

    browser: Browser
    ports: PagePorts
    offers: Offers

    def routes(self) -> list[Route]:
        """Return the pages' routes."""
        return [
            Route(SIGN_IN, self.sign_in, methods=["GET", "POST"]),
            Route(SECOND_FACTOR, self.second_factor, methods=["GET", "POST"]),
            Route(SIGN_OUT, self.sign_out, methods=["POST"]),
        ]

    async def sign_in(self, request: Request) -> Response:
        """Ask for address and password, or for a passkey."""
        await self.browser.viewer(request)
        if request.method != "POST":
            return await self._show(request)
        form = await sent(request)
        if not self.browser.proved(request, form):
            return await self._show(request, NOT_OURS)
        try:
            opened = await self._open(request, form)
        except AppError as error:
            return await self._show(request, refusal(error), form.get("email", "")[:MAX_ADDRESS])
        if isinstance(opened, Challenge):
            return await self.browser.challenged(request, opened, _next(request))
        return await self.browser.signed_in(request, opened, _next(request))

    async def _show(self, request: Request, refused: tuple[str, int] | None = None, email: str = "") -> Response:
        viewer = await self.browser.viewer(request)
        values = {
            "csrf": self.browser.proof(request),
            "error": refused[0] if refused else None,
            "email": email,
            "known": await person(viewer) if viewer else None,
            "next": _next(request),
            "offers": self.offers.offers,
        }
        leads_to = self.offers.leads_to
        return page("sign_in.html", values, refused[1] if refused else 200, leads_to, scripted=True)

    async def _open(self, request: Request, form: Mapping[str, str]) -> SignedIn | Challenge:
        ports, origin, email = self.ports, origin_of(request), form.get("email", "")
        if credential := form.get("credential"):
            return await self._open_by_passkey(request, credential)
        await ports.limits.check(Doing.SIGN_IN, {Per.NETWORK: origin.network or "", Per.TARGET: known_form(email)})
        return await service.sign_in(email, form.get("password", ""), ports.clock, ports.session_lifetime, origin)

    async def _open_by_passkey(self, request: Request, credential: str) -> SignedIn:
        ports, origin = self.ports, origin_of(request)
        await ports.limits.check(Doing.SIGN_IN, {Per.NETWORK: origin.network or ""})
        return await service.sign_in_with_passkey(
            credential, ports.relying_party, ports.clock, ports.session_lifetime, origin
        )

    async def second_factor(self, request: Request) -> Response:
        """Ask for the second factor of somebody whose password was right."""
        await self.browser.viewer(request)
        if request.method != "POST":
            return await self._ask_for_factor(request)
        form = await sent(request)
        if not self.browser.proved(request, form):
            return await self._ask_for_factor(request, NOT_OURS)
        try:
            opened = await self._complete(request, form)
        except AppError as error:
            return await self._ask_for_factor(request, refusal(error))
        return await self.browser.signed_in(request, opened, _next(request))

    async def _complete(self, request: Request, form: Mapping[str, str]) -> SignedIn:
        ports, origin, challenge = self.ports, origin_of(request), self.browser.challenge(request)
        if credential := form.get("credential"):
            return await self._open_by_passkey(request, credential)
        await ports.limits.check(Doing.SIGN_IN, {Per.NETWORK: origin.network or "", Per.TARGET: challenge})
        return await service.complete_sign_in(
            challenge, form.get("code", ""), ports.sealer, ports.clock, ports.session_lifetime, origin
        )

    async def _ask_for_factor(self, request: Request, refused: tuple[str, int] | None = None) -> Response:
        methods = await challenges.methods_of(self.browser.challenge(request))
        values = {
            "csrf": self.browser.proof(request),
            "error": refused[0] if refused else None,
            "methods": methods,
            "next": _next(request),
        }
        return page("second_factor.html", values, refused[1] if refused else 200, scripted=True)

    async def sign_out(self, request: Request) -> Response:
        """End the session of this browser."""
        viewer = await self.browser.viewer(request)
        if viewer is not None and self.browser.proved(request, await sent(request)):
            await service.sign_out(viewer, origin_of(request))
            self.browser.forget(request)
        return RedirectResponse(SIGN_IN, 303, {"cache-control": "no-store"})


def _next(request: Request) -> str:
    return local_path(request.query_params.get("next", ""))
