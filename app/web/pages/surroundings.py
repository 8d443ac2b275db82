"""What is around every page of ours: the question about cookies, the open notice, the colours, the foot of the page."""

from dataclasses import dataclass
from datetime import date

from starlette.requests import Request

from app.analytics.events import Event
from app.analytics.visits import VisitKind, count_visit
from app.core.consent_purposes import ConsentPurpose
from app.core.errors import AppError
from app.core.personal_data import Activity, Category
from app.core.ports import Clock
from app.core.purposes import Allows
from app.core.viewer import Viewer
from app.policy.cookies import CookieRegister
from app.web.browser import Browser, address_of
from app.web.cookie_consent import CookieConsent, Standing
from app.web.cookies import Cookie
from app.web.pages.banner import Banner, banner_of
from app.web.pages.origin import origin_of

COOKIES = "/cookies"
SHOWN_ONCE = frozenset(("recovery_codes", "totp"))
"""Pages with secrets that nobody sees again: nothing around them is pressed, for that would lead away."""
THEMES = ("light", "dark")
"""What people may choose; else pages are as the browser prefers (`prefers-color-scheme`)."""


@dataclass(frozen=True, slots=True)
class Around:
    """What `layout.html` shows besides the page itself."""

    page: str
    """Its name: that of its template."""
    standing: Standing
    theme: str
    csrf: str
    here: str
    """Where the forms around the page lead back to; empty on an answer to a form."""
    banner: Banner | None
    """The notice that whoever is signed in has not seen yet."""

    @property
    def asks(self) -> bool:
        """Return whether there is anything to press around the page."""
        return self.page not in SHOWN_ONCE


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The rules of one service."""

    browser: Browser
    consent: CookieConsent
    register: CookieRegister
    clock: Clock
    allows: Allows

    async def __call__(self, request: Request, page: str, status: int) -> Around:
        """Return what is around a page, and count the visit where that is allowed."""
        viewer = await self.browser.viewer(request)
        standing = await self.consent.standing(request, viewer, origin_of(request))
        if (request.method, status) == ("GET", 200):
            await self._count(request, viewer, page, standing)
        theme = Cookie(self.register.named("theme")).read(request)
        return Around(
            page,
            standing,
            theme if theme in THEMES and standing.allows(ConsentPurpose.PREFERENCE_COOKIES) else "",
            self.browser.proof(request),
            address_of(request) if request.method == "GET" else "",
            await banner_of(viewer) if viewer is not None else None,
        )

    async def _count(self, request: Request, viewer: Viewer | None, page: str, standing: Standing) -> None:
        """Count the page, and a visit where there may be a cookie; where it was refused, nothing."""
        if standing.choice is None or standing.allows(ConsentPurpose.ANALYTICS_COOKIES):
            self.browser.note(request, Event.PAGE_VIEWED, viewer, page)
        if standing.allows(ConsentPurpose.ANALYTICS_COOKIES):
            await self._count_visit(request, viewer, page)

    async def _count_visit(self, request: Request, viewer: Viewer | None, page: str) -> None:
        """Count the first page of a day. The cookie says nothing but the day."""
        cookie, today = Cookie(self.register.named("visited")), self.clock.now().date()
        last = _day(cookie.read(request))
        if last == today or (viewer is not None and not await self._may_count(viewer)):
            return
        await count_visit(today, page, VisitKind.NEW if last is None else VisitKind.RETURNING)
        cookie.keep(request, today.isoformat())

    async def _may_count(self, viewer: Viewer) -> bool:
        """Return whether a person may be counted: not who objects or is restricted, whatever this browser was told."""
        try:
            await self.allows(viewer.user_id, Activity.ANALYTICS, Category.ACTIVITY)
        except AppError:
            return False
        return True


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
