"""Pages for staff: who is not signed in is asked to, who is no staff is told so."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from app.accounts.queries import person
from app.core.viewer import STAFF
from app.web.browser import Browser, address_of
from app.web.pages.rendering import page


@dataclass(frozen=True, slots=True)
class StaffOnly:
    """The rule of one server."""

    browser: Browser

    async def refuse(self, request: Request) -> Response | None:
        """Return what whoever is not staff gets; None for staff."""
        viewer = await self.browser.viewer(request)
        if viewer is None:
            return self.browser.to_sign_in(request)
        if viewer.role in STAFF:
            return None
        return page("staff_only.html", {"known": await person(viewer), "here": address_of(request)}, 403)
