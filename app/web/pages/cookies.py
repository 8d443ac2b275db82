"""`/cookies`: which cookies there are, and the choice. `/cookies/colours`: what the preference cookie is for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.core.consent_purposes import ConsentPurpose
from app.core.errors import AppError
from app.core.limits import Doing, Limits, Per
from app.policy.browser_storage import STORED
from app.policy.cookies import OPTIONAL, CookieKind, CookieRegister
from app.web.browser import NO_STORE, Browser
from app.web.cookie_consent import CookieConsent
from app.web.cookies import Cookie
from app.web.local_paths import local_path
from app.web.pages.origin import origin_of
from app.web.pages.rendering import page, refusal, sent
from app.web.pages.sign_in import NOT_OURS
from app.web.pages.surroundings import COOKIES, THEMES

COLOURS = f"{COOKIES}/colours"
NOT_CHOSEN = ("Nothing was chosen: press one of the buttons.", 422)
NOT_ALLOWED = ("Your colours were not kept: that needs the preference cookie, which you have not allowed.", 422)
KINDS = {
    CookieKind.STRICTLY_NECESSARY: "Strictly necessary",
    CookieKind.PREFERENCE: "Preference",
    CookieKind.ANALYTICS: "Analytics",
}


@dataclass(frozen=True, slots=True)
class CookiePage:
    """The page of one server."""

    browser: Browser
    consent: CookieConsent
    register: CookieRegister
    limits: Limits

    def routes(self) -> list[Route]:
        """Return the page's routes."""
        return [
            Route(COOKIES, self.choose, methods=["GET", "POST"]),
            Route(COLOURS, self.colour, methods=["POST"]),
        ]

    async def choose(self, request: Request) -> Response:
        """Show the table and the form, or keep what was chosen, on whichever page that was."""
        viewer = await self.browser.viewer(request)
        if request.method != "POST":
            return self._show()
        form = await sent(request)
        if not self.browser.proved(request, form):
            return self._show(NOT_OURS)
        granted = _granted(form)
        if granted is None:
            return self._show(NOT_CHOSEN)
        try:
            if viewer is not None:  # each change is a record that nobody deletes
                await self.limits.check(Doing.DECIDE, {Per.VIEWER: str(viewer.user_id)})
            await self.consent.choose(request, viewer, granted, origin_of(request))
        except AppError as error:
            return self._show(refusal(error))
        return RedirectResponse(local_path(form.get("next", COOKIES)), 303, NO_STORE)

    async def colour(self, request: Request) -> Response:
        """Keep whether pages are light or dark, where the cookie for it is allowed."""
        viewer = await self.browser.viewer(request)
        form = await sent(request)
        if not self.browser.proved(request, form):
            return self._show(NOT_OURS)
        standing = await self.consent.standing(request, viewer, origin_of(request))
        if not standing.allows(ConsentPurpose.PREFERENCE_COOKIES):
            return self._show(NOT_ALLOWED)
        cookie, theme = Cookie(self.register.named("theme")), form.get("theme", "")
        if theme in THEMES:
            cookie.keep(request, theme)
        else:
            cookie.forget(request)
        return RedirectResponse(COOKIES, 303, NO_STORE)

    def _show(self, refused: tuple[str, int] | None = None) -> Response:
        values = {
            "error": refused[0] if refused else None,
            "cookies": list(self.register),
            "kinds": KINDS,
            "in_words": _in_words,
            "stored": STORED,
        }
        return page("cookies.html", values, refused[1] if refused else 200)


def _granted(form: Mapping[str, str]) -> frozenset[ConsentPurpose] | None:
    """Return what a form allows; None where it decides nothing."""
    match form.get("decision"):
        case "accept":
            return OPTIONAL
        case "refuse":
            return frozenset()
        case "choose":
            return frozenset(purpose for purpose in OPTIONAL if form.get(purpose.value) == "yes")
        case _:
            return None


def _in_words(lifetime: timedelta) -> str:
    """Return a lifetime in whole days, else in minutes."""
    if lifetime >= timedelta(days=1):
        return "1 day" if lifetime.days == 1 else f"{lifetime.days} days"
    return f"{int(lifetime.total_seconds()) // 60} minutes"
