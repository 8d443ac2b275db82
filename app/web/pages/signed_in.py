"""Forms of whoever is signed in: one way to take them, whatever they do."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.accounts.errors import StepUpRequired
from app.core.errors import AppError
from app.core.viewer import Viewer
from app.web.browser import NO_STORE, Browser
from app.web.local_paths import HOME
from app.web.pages.rendering import refusal, sent
from app.web.pages.sign_in import NOT_OURS

NO_ID = UUID(int=0)
"""Of nothing: what names no id is not there."""
Refused = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Sent:
    """A form of ours, and who sent it."""

    request: Request
    viewer: Viewer
    form: Mapping[str, str]

    def id(self) -> UUID:
        """Return the id that the form names."""
        try:
            return UUID(self.form.get("id", ""))
        except ValueError:
            return NO_ID


Action = Callable[[Sent], Awaitable[Response | None]]
Show = Callable[[Request, Viewer, Refused], Awaitable[Response]]


def form_route(path: str, browser: Browser, act: Action, show: Show) -> Route:
    """Return the route of a form. `act` does what it says, and answers; without an answer it is done.

    `show` is the page that says what was refused. What asks for a fresh proof (step-up) is asked for again after it.
    """

    async def answer(request: Request) -> Response:
        viewer = await browser.viewer(request)
        if viewer is None:
            return browser.to_sign_in(request, HOME)
        form = await sent(request)
        if not browser.proved(request, form):
            return await show(request, viewer, NOT_OURS)
        try:
            answered = await act(Sent(request, viewer, form))
        except StepUpRequired:
            return browser.to_proof(request, HOME)
        except AppError as error:
            return await show(request, viewer, refusal(error))
        return answered or RedirectResponse(HOME, 303, NO_STORE)

    return Route(path, answer, methods=["POST"])
