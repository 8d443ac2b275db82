"""`/account/with/{provider}/join` and `/link`: whoever came back and has no account, or has one and did not link it."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.accounts.errors import StepUpRequired
from app.accounts.identities import link
from app.accounts.identity import MAX_DISPLAY_NAME
from app.accounts.joining import CopyPicture, Joining, sign_up_with
from app.accounts.providers import Proven
from app.accounts.queries import person
from app.analytics.events import Event
from app.core.errors import AppError
from app.core.limits import Doing, Per
from app.core.viewer import Viewer
from app.policy.queries import in_force
from app.policy.texts import DocumentKind
from app.web.browser import NO_STORE, Browser
from app.web.pages.origin import origin_of
from app.web.pages.ports import PagePorts
from app.web.pages.provider_memory import Memory
from app.web.pages.providers import NOT_OURS, PATH, named, outcome
from app.web.pages.rendering import page, refusal, sent

OVER = "This took too long, or was done before: sign in again."


@dataclass(frozen=True, slots=True)
class ArrivalPages:
    """The pages of one server."""

    browser: Browser
    ports: PagePorts
    memory: Memory
    copy_picture: CopyPicture

    def routes(self) -> list[Route]:
        """Return the pages' routes."""
        return [
            Route(f"{PATH}/join", self.join, methods=["GET", "POST"]),
            Route(f"{PATH}/link", self.link, methods=["GET", "POST"]),
        ]

    async def join(self, request: Request) -> Response:
        """Ask for name and attestation; there is no account before they are sent."""
        await self.browser.viewer(request)
        try:
            arrived = self.memory.arrived(request, named(request))
        except AppError as error:
            return outcome(*refusal(error))
        if arrived is None:
            return outcome(OVER, 400)
        proven, to = arrived
        if request.method != "POST":
            return await self._ask(request, proven, proven.identity.name)
        form = await sent(request)
        name = form.get("displayName", "")
        if not self.browser.proved(request, form, _about("join", proven)):
            return await self._ask(request, proven, name, (NOT_OURS, 422))
        said = Joining(name, form.get("adult") == "yes", form.get("policyVersion", ""))
        try:
            origin = origin_of(request)
            await self.ports.limits.check(Doing.SIGN_UP, {Per.NETWORK: origin.network or ""})
            opened = await sign_up_with(
                proven, said, self.ports.clock, self.ports.session_lifetime, self.copy_picture, origin
            )
        except AppError as error:
            return await self._ask(request, proven, name, refusal(error))
        self.memory.arrivals.forget(request)
        return await self.browser.signed_in(request, opened, to, Event.SIGNED_UP)

    async def _ask(
        self, request: Request, proven: Proven, name: str, refused: tuple[str, int] | None = None
    ) -> Response:
        policy = await in_force(DocumentKind.PRIVACY, self.ports.clock.now())
        values = {
            "csrf": self.browser.proof(request, _about("join", proven)),
            "error": refused[0] if refused else None,
            "provider": proven.provider.label,
            "email": proven.identity.email,
            "name": " ".join(name.split())[:MAX_DISPLAY_NAME],
            "longest": MAX_DISPLAY_NAME,
            "policy_version": policy.document.version,
        }
        return page("join.html", values, refused[1] if refused else 200)

    async def link(self, request: Request) -> Response:
        """Let whoever has an account sign in as before, and then ask whether it shall be linked."""
        viewer = await self.browser.viewer(request)
        try:
            arrived = self.memory.arrived(request, named(request))
        except AppError as error:
            return outcome(*refusal(error))
        if arrived is None:
            return outcome(OVER, 400)
        proven, to = arrived
        if request.method != "POST" or viewer is None:
            return await self._ask_to_link(request, viewer, proven)
        if not self.browser.proved(request, await sent(request), _about("link", proven)):
            return await self._ask_to_link(request, viewer, proven, (NOT_OURS, 422))
        try:
            await link(viewer, proven, origin_of(request), own_address=True)
        except StepUpRequired:
            return self.browser.to_proof(request)
        except AppError as error:
            return await self._ask_to_link(request, viewer, proven, refusal(error))
        self.memory.arrivals.forget(request)
        return RedirectResponse(to, 303, NO_STORE)

    async def _ask_to_link(
        self, request: Request, viewer: Viewer | None, proven: Proven, refused: tuple[str, int] | None = None
    ) -> Response:
        values = {
            "csrf": self.browser.proof(request, _about("link", proven)),
            "error": refused[0] if refused else None,
            "provider": proven.provider.label,
            "email": proven.identity.email,
            "known": await person(viewer) if viewer else None,
            "here": request.url.path,
        }
        return page("link.html", values, refused[1] if refused else 200)


def _about(doing: str, proven: Proven) -> str:
    """Return what a form is about: one for somebody else, or for the other page, is none."""
    return f"{doing} {proven.provider} {proven.identity.subject}"
