"""`/account`: the security page of whoever is signed in."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.accounts.queries import person
from app.web.browser import Browser
from app.web.local_paths import HOME
from app.web.pages.ports import PagePorts
from app.web.pages.rendering import page


@dataclass(frozen=True, slots=True)
class SecurityPage:
    """The page of one server."""

    browser: Browser
    ports: PagePorts

    def routes(self) -> list[Route]:
        """Return the page's routes."""
        return [Route(HOME, self.show)]

    async def show(self, request: Request) -> Response:
        """Show who is signed in, or ask."""
        viewer = await self.browser.viewer(request)
        if viewer is None:
            return self.browser.to_sign_in(request)
        return page("security.html", {"csrf": self.browser.proof(request), "known": await person(viewer)})
