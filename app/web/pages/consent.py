"""`/oauth/authorize`: a person signs in, reads what an app asks for, and allows or denies it (RFC 6749, section 4.1).

Signing in and deciding are one form, and no session is left behind. Nothing is redirected to what is not registered.
"""

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.accounts import grants
from app.accounts.clients import Client, client_of, scopes_of
from app.accounts.grants import OAuthError
from app.accounts.identity import known_form
from app.accounts.service import complete_sign_in, sign_in
from app.accounts.sessions import SignedIn
from app.core.errors import AppError, NotPermitted
from app.core.limits import Doing, Limits, Per
from app.core.ports import Clock
from app.core.sealing import Sealer
from app.core.viewer import IN_WORDS
from app.web.pages.origin import origin_of
from app.web.pages.rendering import page, sent

LASTS = timedelta(minutes=1)
"""Of the session that approves; it ends with that."""
MAX_STATE = 1024
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
NO_APP = "No such app is registered with us, or not with that address to come back to. Nothing was done: go back."


class SignInPorts(Protocol):
    """What signing in needs of the process."""

    @property
    def clock(self) -> Clock:
        """The time."""
        ...

    @property
    def limits(self) -> Limits:
        """How often it may be tried."""
        ...

    @property
    def sealer(self) -> Sealer:
        """Opens secrets of authenticator apps."""
        ...


class SecondFactorNeeded(NotPermitted):
    """The password was right, and is not enough."""


@dataclass(frozen=True, slots=True)
class ConsentPage:
    """The page of one server."""

    issuer: str
    key: bytes
    """Derived for the form's proof alone."""
    ports: SignInPorts

    def routes(self) -> list[Route]:
        """Return the page's route."""
        return [Route("/oauth/authorize", self.answer, methods=["GET", "POST"])]

    async def answer(self, request: Request) -> Response:
        """Show the form, or do what it says."""
        given = request.query_params
        client = await client_of(given.get("client_id", ""))
        redirect = given.get("redirect_uri", "")
        twice = {name for name, _ in given.multi_items() if len(given.getlist(name)) > 1}
        if client is None or redirect not in client.redirects or twice & {"client_id", "redirect_uri"}:
            values = {"title": "This app cannot ask you", "error": NO_APP, "app": None}
            return page("consent.html", values, 400)
        try:
            asked = _asked(request, client, redirect, twice)
        except OAuthError as error:
            return self._back(request, redirect, {"error": error.error, "error_description": error.message})
        return await (self._decide(request, asked) if request.method == "POST" else self._show(request, asked))

    async def _show(
        self, request: Request, asked: grants.Request, error: str | None = None, email: str = ""
    ) -> Response:
        proof = request.cookies.get(self._cookie) or secrets.token_urlsafe(32)
        target = urlsplit(asked.redirect)
        values = {
            "title": f"Let {asked.client.name} into your account?",
            "error": error,
            "app": asked.client.name,
            "scopes": [IN_WORDS[scope] for scope in sorted(asked.scopes)],
            "destination": target.netloc or "the app",
            "csrf": self._proof(request, proof),
            "email": email,
        }
        leads_to = f"{target.scheme}://{target.netloc}" if target.netloc else f"{target.scheme}:"
        shown = page("consent.html", values, 422 if error else 200, leads_to)
        shown.set_cookie(
            self._cookie, proof, max_age=3600, path="/", secure=self._secure, httponly=True, samesite="lax"
        )
        return shown

    async def _decide(self, request: Request, asked: grants.Request) -> Response:
        form = await sent(request)
        cookie = request.cookies.get(self._cookie, "")
        ours = request.headers.get("origin", self.issuer) in {self.issuer, "null"}
        proved = hmac.compare_digest(form.get("csrf", "").encode(), self._proof(request, cookie).encode())
        if not cookie or not ours or not proved:
            return await self._show(request, asked, "This form was too old, or not ours: send it again.")
        if form.get("decision") != "allow":
            denied = {"error": "access_denied", "error_description": "The person did not allow it."}
            return self._back(request, asked.redirect, denied)
        email = form.get("email", "")
        try:
            signed_in = await self._sign_in(request, email, form.get("password", ""), form.get("code", "").strip())
            code = await grants.approve(signed_in.viewer, asked)
        except AppError as error:
            return await self._show(request, asked, error.message, email[:254])
        return self._back(request, asked.redirect, {"code": code})

    async def _sign_in(self, request: Request, email: str, password: str, code: str) -> SignedIn:
        """Open the session that approves. Raises AppError, also where a second factor is asked for and not given."""
        ports, origin = self.ports, origin_of(request)
        await ports.limits.check(Doing.SIGN_IN, {Per.NETWORK: origin.network or "", Per.TARGET: known_form(email)})
        opened = await sign_in(email, password, ports.clock, LASTS, origin)
        if isinstance(opened, SignedIn):
            return opened
        if not code:
            raise SecondFactorNeeded("This account has a second factor: type a code of the app, or a recovery code.")
        return await complete_sign_in(opened.token, code, ports.sealer, ports.clock, LASTS, origin)

    def _back(self, request: Request, redirect: str, answer: dict[str, str]) -> Response:
        """Return to the app, with the state that it sent, and who answers (RFC 9207)."""
        state = request.query_params.getlist("state")
        kept = {"state": state[0]} if len(state) == 1 and len(state[0]) <= MAX_STATE else {}
        query = urlencode({**answer, **kept, "iss": self.issuer})
        target = f"{redirect}{'&' if '?' in redirect else '?'}{query}"
        return RedirectResponse(target, 303, headers={"cache-control": "no-store"})

    def _proof(self, request: Request, cookie: str) -> str:
        """Return what only our form in this browser, for this question, has."""
        return hmac.digest(self.key, f"{cookie}\n{request.url.query}".encode(), "sha256").hex()

    @property
    def _secure(self) -> bool:
        return self.issuer.startswith("https:")

    @property
    def _cookie(self) -> str:
        return "__Host-consent" if self._secure else "consent"


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
