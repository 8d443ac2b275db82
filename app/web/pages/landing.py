"""`/`: what is where, for whoever opens the server's address in a browser."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.web.pages.rendering import page


def landing_routes() -> list[Route]:
    """Return the route of the page."""

    async def landing(_request: Request) -> Response:
        return page("landing.html", {})

    return [Route("/", landing)]
