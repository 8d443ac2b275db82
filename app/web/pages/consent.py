"""`/oauth/authorize`: who is signed in reads what an app asks for, and allows or denies it (RFC 6749, section 4.1).

Nothing is redirected to what is not registered. Letting an app in asks for a fresh proof, as making an API key does.
"""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.accounts import grants
from app.accounts.clients import Client, client_of, scopes_of
from app.accounts.errors import StepUpRequired
from app.accounts.grants import OAuthError
from app.accounts.queries import person
from app.core.errors import AppError
from app.core.viewer import IN_WORDS, Viewer
from app.web.browser import Browser, address_of
from app.web.pages.origin import origin_of
from app.web.pages.rendering import page, refusal, sent
from app.web.pages.sign_in import NOT_OURS

MAX_STATE = 1024
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
NO_APP = "No such app is registered with us, or not with that address to come back to. Nothing was done: go back."


@dataclass(frozen=True, slots=True)
class ConsentPage:
    """The page of one server."""

    issuer: str
    browser: Browser

    def routes(self) -> list[Route]:
        """Return the page's route."""
        return [Route("/oauth/authorize", self.answer, methods=["GET", "POST"])]

    async def answer(self, request: Request) -> Response:
        """Show the form, or do what it says."""
        given = request.query_params
        client = await client_of(given.get("client_id", ""))
        redirect = given.get("redirect_uri", "")
        twice = {name for name, _ in given.multi_items() if len(given.getlist(name)) > 1}
        if client is None or not client.returns_to(redirect) or twice & {"client_id", "redirect_uri"}:
            values = {"title": "This app cannot ask you", "error": NO_APP, "app": None}
            return page("consent.html", values, 400)
        try:
            asked = _asked(request, client, redirect, twice)
        except OAuthError as error:
            return self._back(request, redirect, {"error": error.error, "error_description": error.message})
        viewer = await self.browser.viewer(request)
        if viewer is None:
            return self.browser.to_sign_in(request)
        if request.method == "POST":
            return await self._decide(request, viewer, asked)
        return await self._show(request, viewer, asked)

    async def _show(
        self, request: Request, viewer: Viewer, asked: grants.Request, refused: tuple[str, int] | None = None
    ) -> Response:
        target = urlsplit(asked.redirect)
        values = {
            "title": f"Let {asked.client.name} into your account?",
            "error": refused[0] if refused else None,
            "app": asked.client.name,
            "scopes": [IN_WORDS[scope] for scope in sorted(asked.scopes)],
            "destination": target.netloc or "the app",
            "csrf": self.browser.proof(request, request.url.query),
            "known": await person(viewer),
            "here": address_of(request),
        }
        return page("consent.html", values, refused[1] if refused else 200, _source(target))

    async def _decide(self, request: Request, viewer: Viewer, asked: grants.Request) -> Response:
        form = await sent(request)
        if not self.browser.proved(request, form, request.url.query):
            return await self._show(request, viewer, asked, NOT_OURS)
        if form.get("decision") != "allow":
            denied = {"error": "access_denied", "error_description": "The person did not allow it."}
            return self._back(request, asked.redirect, denied)
        try:
            code = await grants.approve(viewer, asked, origin_of(request))
        except StepUpRequired:
            return self.browser.to_proof(request)
        except AppError as error:
            return await self._show(request, viewer, asked, refusal(error))
        return self._back(request, asked.redirect, {"code": code})

    def _back(self, request: Request, redirect: str, answer: dict[str, str]) -> Response:
        """Return to the app, with the state that it sent, and who answers (RFC 9207)."""
        state = request.query_params.getlist("state")
        kept = {"state": state[0]} if len(state) == 1 and len(state[0]) <= MAX_STATE else {}
        query = urlencode({**answer, **kept, "iss": self.issuer})
        target = f"{redirect}{'&' if '?' in redirect else '?'}{query}"
        return RedirectResponse(target, 303, headers={"cache-control": "no-store"})


def _source(target: SplitResult) -> str:
    """Return where the form's answer may lead, as a source of a content security policy.

    Its grammar has no address of IPv6 (CSP 3): such a host is this machine, and any over http may follow.
    """
    if target.netloc and not target.netloc.startswith("["):
        return f"{target.scheme}://{target.netloc}"
    return f"{target.scheme}:"


def _asked(request: Request, client: Client, redirect: str, twice: set[str]) -> grants.Request:
    """Return what the app asks for. Raises OAuthError (RFC 6749, section 4.1.2.1)."""
    given = request.query_params
    if twice or len(given.get("state", "")) > MAX_STATE:
        raise OAuthError("invalid_request", f"Send each parameter once, and a state of at most {MAX_STATE} characters.")
    if given.get("response_type") != "code":
        raise OAuthError("unsupported_response_type", "There is `code` only.")
    challenge = given.get("code_challenge", "")
    if given.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(challenge):
        raise OAuthError("invalid_request", "PKCE is needed: code_challenge, with the method S256.")
    named = set(given.get("scope", "").split())
    scopes = scopes_of(given.get("scope", ""))
    if not scopes or len(scopes) != len(named) or not scopes <= client.scopes:
        raise OAuthError("invalid_scope", "Ask for scopes that the app is registered with, at least for one.")
    return grants.Request(client, redirect, scopes, challenge)
