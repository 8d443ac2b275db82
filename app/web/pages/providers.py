"""`/account/with/{provider}`: there and back, then what it was for: to sign in, to link, or to prove who one is."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.accounts import questions
from app.accounts.challenges import Challenge
from app.accounts.errors import AnswerRefused, StepUpRequired
from app.accounts.identities import link, reauthenticate_with
from app.accounts.joining import Stranger, sign_in_with
from app.accounts.providers import Proven, Provider, Providers
from app.accounts.step_up import require_fresh
from app.core.errors import AppError, NotFound
from app.core.limits import Doing, Per
from app.core.viewer import Viewer
from app.web.browser import NO_STORE, PROVE, Browser
from app.web.local_paths import HOME, local_path
from app.web.pages.origin import origin_of
from app.web.pages.ports import PagePorts
from app.web.pages.provider_memory import Memory, Purpose, Question
from app.web.pages.rendering import page, refusal, sent

PATH = "/account/with/{provider}"
NOT_OURS = "This form was too old, or not ours: go back, and press the button again."
NOT_ASKED = "This browser is not waiting for an answer from there, or the answer is to something else: start again."


@dataclass(frozen=True, slots=True)
class ProviderPages:
    """The pages of one server."""

    browser: Browser
    ports: PagePorts
    providers: Providers
    memory: Memory

    def routes(self) -> list[Route]:
        """Return the pages' routes."""
        return [
            Route(PATH, self.start, methods=["POST"]),
            Route(f"{PATH}/callback", self.callback, methods=["GET"]),
        ]

    async def start(self, request: Request) -> Response:
        """Send the browser to the provider."""
        viewer, form = await self.browser.viewer(request), await sent(request)
        try:
            provider = named(request)
            if not self.browser.proved(request, form):
                return outcome(NOT_OURS, 422)
            return await self._leave(request, viewer, provider, form)
        except AppError as error:
            return outcome(*refusal(error))

    async def _leave(
        self, request: Request, viewer: Viewer | None, provider: Provider, form: Mapping[str, str]
    ) -> Response:
        """Raises AppError."""
        to, wanted = local_path(form.get("next", "")), form.get("purpose", "")
        purpose = Purpose(wanted) if wanted in set(Purpose) else Purpose.SIGN_IN
        if purpose is not Purpose.SIGN_IN and viewer is None:
            return self.browser.to_sign_in(request)
        await self.ports.limits.check(Doing.SIGN_IN, {Per.NETWORK: origin_of(request).network or ""})
        if purpose is Purpose.LINK and viewer is not None:
            try:
                await require_fresh(viewer)
            except StepUpRequired:
                return self.browser.to_proof(request, HOME)
        departure = await self.providers.depart(provider, anew=purpose is Purpose.PROVE)
        session = viewer.session_id.hex if viewer and purpose is not Purpose.SIGN_IN else ""
        question = Question(await questions.ask(), provider, purpose, to, session, departure)
        self.memory.ask(request, question)
        return RedirectResponse(departure.url, 303, NO_STORE)

    async def callback(self, request: Request) -> Response:
        """Take the one answer to this browser's question."""
        viewer = await self.browser.viewer(request)
        try:
            provider = named(request)
            question = self.memory.asked(request)
            given = _once(request)
            if question is None or question.provider != provider or not _fits(given, question):
                return outcome(NOT_ASKED, 400)
            self.memory.questions.forget(request)
            await questions.answer(question.id)
            asks = viewer.user_id if viewer and viewer.session_id.hex == question.session else None
            proven = await self.providers.arrive(provider, given, question.departure, asks)
            return await self._go_on(request, question, proven)
        except StepUpRequired:
            return self.browser.to_proof(request, HOME)
        except AppError as error:
            return outcome(*refusal(error))

    async def _go_on(self, request: Request, question: Question, proven: Proven) -> Response:
        """Do what the browser was sent there for. Raises AppError."""
        if question.purpose is Purpose.SIGN_IN:
            return await self._sign_in(request, proven, question.to)
        viewer = await self.browser.viewer(request)
        if viewer is None or viewer.session_id.hex != question.session:
            raise AnswerRefused("You are not signed in as before: sign in, and start again.")
        if question.purpose is Purpose.PROVE:
            await reauthenticate_with(viewer, proven, origin_of(request))
            return RedirectResponse(question.to, 303, NO_STORE)
        await link(viewer, proven, origin_of(request))
        return RedirectResponse(HOME, 303, NO_STORE)

    async def _sign_in(self, request: Request, proven: Proven, to: str) -> Response:
        found = await sign_in_with(proven, self.ports.clock, self.ports.session_lifetime, origin_of(request))
        if isinstance(found, Challenge):
            return await self.browser.challenged(request, found, to)
        if isinstance(found, Stranger):
            self.memory.arrive(request, proven, to)
            then = "link" if found.has_account else "join"
            return RedirectResponse(f"/account/with/{proven.provider.processor}/{then}", 303, NO_STORE)
        return await self.browser.signed_in(request, found, to)


def named(request: Request) -> Provider:
    """Return the provider of the path. Raises NotFound."""
    name: str = request.path_params["provider"]
    for provider in Provider:
        if provider.processor == name:
            return provider
    raise NotFound("There is no such way to sign in.")


def outcome(message: str, status: int) -> Response:
    """Return a page that says what came of it."""
    return page("provider_outcome.html", {"message": message, "prove": PROVE}, status)


def _once(request: Request) -> Mapping[str, str]:
    """Return the parameters of a callback; nothing where one is there twice (RFC 6749, section 3.1)."""
    given = request.query_params.multi_items()
    return dict(given) if len(dict(given)) == len(given) else {}


def _fits(given: Mapping[str, str], question: Question) -> bool:
    """Return whether an answer is to this question: others neither spend it nor are looked at."""
    return hmac.compare_digest(given.get("state", "").encode(), question.departure.state.encode())
