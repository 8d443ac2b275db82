"""Browsers that people sign in with: the session in a cookie, and the proof that a form is ours."""

import hmac
import secrets
from collections.abc import Mapping
from urllib.parse import quote, urlencode, urlsplit

from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response

from app.accounts import service
from app.accounts.browser_sessions import BrowserSessions
from app.accounts.challenges import Challenge
from app.accounts.sessions import SignedIn
from app.analytics.events import Client, Event, Occurrence
from app.analytics.tally import Tally
from app.core.consent_purposes import ConsentPurpose
from app.core.viewer import Viewer
from app.policy.cookies import CookieRegister
from app.web.cookie_choice import CookieChoice
from app.web.cookies import Cookie
from app.web.gpc import opts_out
from app.web.local_paths import local_path

SIGN_IN, SECOND_FACTOR, PROVE = "/account/sign-in", "/account/second-factor", "/account/prove"
MEMO, KNOWN = "browser_viewer", "browser_known"
NO_STORE = {"cache-control": "no-store"}


class Browser:
    """What this service knows of the browser that a request comes from."""

    def __init__(
        self, base_url: str, key: bytes, sessions: BrowserSessions, cookies: CookieRegister, tally: Tally
    ) -> None:
        """`key` is derived for the proofs of forms alone."""
        address = urlsplit(base_url)
        self.origin = f"{address.scheme}://{address.netloc}"
        self._key = key
        self._sessions = sessions
        self._tally = tally
        self._session = Cookie(cookies.named("session"))
        self._challenge = Cookie(cookies.named("challenge"))
        self._form = Cookie(cookies.named("browser"))
        self._choice = Cookie(cookies.named("choice"))

    async def viewer(self, request: HTTPConnection) -> Viewer | None:
        """Return who is signed in; the cookie is renewed with the answer where that is due, or taken back."""
        state = request.scope.setdefault("state", {})
        if MEMO not in state:
            state[MEMO] = await self._viewer(request)
        viewer: Viewer | None = state[MEMO]
        return viewer

    async def page_viewer(self, request: HTTPConnection) -> Viewer | None:
        """Return who is signed in, where it is a page of ours that asks; nobody for pages of others.

        A browser sends cookies whoever asks. So it has to say who does: by `Origin`, else by `Sec-Fetch-Site`.
        """
        origin = request.headers.get("origin")
        ours = request.headers.get("sec-fetch-site") == "same-origin" if origin is None else origin == self.origin
        return await self.viewer(request) if ours else None

    async def _viewer(self, request: HTTPConnection) -> Viewer | None:
        token = self._session.read(request)
        if not token:
            return None
        used = await self._sessions.use(token, replaceable=request.scope["type"] == "http")
        if used is None:
            self._session.forget(request)
            return None
        if used.token is not None:
            self._session.keep(request, used.token)
        return used.viewer

    def opted_out(self, request: HTTPConnection) -> bool:
        """Return whether a request has the opt-out signal (Global Privacy Control), or analytics was refused there."""
        choice = CookieChoice.read(self._choice.read(request))
        refused = choice is not None and ConsentPurpose.ANALYTICS_COOKIES not in choice.granted
        return refused or opts_out(request)

    def note(self, request: Request, event: Event, person: Viewer | None, page: str = "") -> None:
        """Count what was done on a page of ours, unless the browser opted out."""
        if not self.opted_out(request):
            self._tally.note(Occurrence(event, Client.PAGES, page), person.user_id if person else None)

    async def signed_in(self, request: Request, opened: SignedIn, to: str, event: Event = Event.SIGNED_IN) -> Response:
        """Keep a fresh session in the browser, in the place of any other, and go on to a path of ours."""
        before = await self.viewer(request)
        if before is not None:
            await service.sign_out(before)
        self._session.keep(request, await self._sessions.adopt(opened))
        self._challenge.forget(request)
        self.note(request, event, opened.viewer)
        return RedirectResponse(local_path(to), 303, NO_STORE)

    async def challenged(self, request: Request, challenge: Challenge, to: str) -> Response:
        """Ask for the second factor of somebody who signs in."""
        self._challenge.keep(request, challenge.token)
        return RedirectResponse(_asking(SECOND_FACTOR, local_path(to)), 303, NO_STORE)

    def challenge(self, request: Request) -> str:
        """Return the challenge that waits for a second factor; nothing where none does."""
        return self._challenge.read(request)

    def forget(self, request: Request) -> None:
        """Have the browser forget who was signed in, with the answer to this request."""
        self._session.forget(request)
        self._challenge.forget(request)

    @staticmethod
    def to_sign_in(request: Request, to: str | None = None) -> Response:
        """Ask who it is, then come back: to this address, or another one."""
        return RedirectResponse(_asking(SIGN_IN, address_of(request) if to is None else to), 303, NO_STORE)

    @staticmethod
    def to_proof(request: Request, to: str | None = None) -> Response:
        """Ask for a fresh proof (step-up), then come back."""
        return RedirectResponse(_asking(PROVE, address_of(request) if to is None else to), 303, NO_STORE)

    def proof(self, request: Request, about: str = "") -> str:
        """Return what a form of ours carries: for this browser, whoever is signed in there, and what it is about.

        A page that shows who is signed in asks `viewer` first.
        """
        return self._digest(request, self._known(request), about)

    def proved(self, request: Request, form: Mapping[str, str], about: str = "") -> bool:
        """Return whether a form is ours, was shown in this browser to whoever is signed in, and comes from there."""
        known = self._form.read(request)
        if not known or not self._sent_by_us(request):
            return False
        return hmac.compare_digest(form.get("csrf", "").encode(), self._digest(request, known, about).encode())

    def _known(self, request: Request) -> str:
        """Return what the browser is known by for its forms; it means nothing else, and is there without a session.

        All forms of one page have the same.
        """
        state = request.scope.setdefault("state", {})
        if KNOWN not in state:
            state[KNOWN] = self._form.read(request) or secrets.token_urlsafe(32)
            self._form.keep(request, state[KNOWN])
        known: str = state[KNOWN]
        return known

    def _digest(self, request: Request, known: str, about: str) -> str:
        viewer: Viewer | None = request.scope["state"].get(MEMO)
        session = viewer.session_id.hex if viewer else ""
        return hmac.digest(self._key, f"{known}\n{session}\n{about}".encode(), "sha256").hex()

    def _sent_by_us(self, request: Request) -> bool:
        """Return whether the browser names our page as the sender, or names nobody.

        Without a referrer, as we ask for, forms are sent with the origin `null`: then `Sec-Fetch-Site` tells.
        """
        origin = request.headers.get("origin", "null")
        if origin != "null":
            return origin == self.origin
        return request.headers.get("sec-fetch-site", "same-origin") == "same-origin"


def address_of(request: Request) -> str:
    """Return the path and query that were asked for, spelled as `local_path` lets them pass."""
    query = quote(request.url.query, safe="%!$&'()*+,;=:@/?-._~")
    return f"{request.url.path}?{query}" if query else request.url.path


def _asking(path: str, to: str) -> str:
    return f"{path}?{urlencode({'next': to})}"
