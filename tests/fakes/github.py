"""GitHub, as far as signing in goes. Whoever comes is signed in and says yes."""

import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.fakes.openid import CLIENT_ID, CLIENT_SECRET, s256
from tests.fakes.serving import serving

Json = dict[str, Any]


def primary(email: str, *, verified: bool = True) -> list[Json]:
    """Return what `/user/emails` answers: another address comes first."""
    return [
        {"email": "other@example.com", "primary": False, "verified": True},
        {"email": email, "primary": True, "verified": verified},
    ]


@dataclass
class FakeGitHub:
    """Implements the three addresses that we ask, and the one that people are sent to."""

    redirect: str = "http://images.test/account/with/github/callback"
    address: str = ""
    user: Json = field(default_factory=lambda: {"id": 42, "login": "ada", "name": "Ada Lovelace"})
    emails: list[Json] = field(default_factory=lambda: primary("ada@example.com"))
    says_no: bool = False
    questions: list[Json] = field(default_factory=list)
    failures: list[int] = field(default_factory=list)
    """Statuses of the next answers of the API, the last one first."""
    asked: list[str] = field(default_factory=list)
    codes: dict[str, Json] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)

    async def authorize(self, request: Request) -> Response:
        """Answer `/login/oauth/authorize`."""
        asked = dict(request.query_params)
        self.questions.append(asked)
        if (asked["client_id"], asked["redirect_uri"]) != (CLIENT_ID, self.redirect):
            return Response("The redirect_uri is not associated with this application.", 400)
        back = {"error": "access_denied", "state": asked["state"]}
        if not self.says_no:
            code = secrets.token_hex(10)
            self.codes[code] = asked
            back = {"code": code, "state": asked["state"]}
        return RedirectResponse(f"{self.redirect}?{urlencode(back)}", 302)

    async def token(self, request: Request) -> Response:
        """Answer `/login/oauth/access_token`: errors have status 200, as at GitHub."""
        form = dict(parse_qsl((await request.body()).decode()))
        if request.headers.get("accept") != "application/json":
            return Response("access_token=…")
        asked = self.codes.pop(form["code"], None)
        if (form["client_id"], form["client_secret"]) != (CLIENT_ID, CLIENT_SECRET):
            return JSONResponse({"error": "incorrect_client_credentials"})
        if asked is None or s256(form["code_verifier"]) != asked["code_challenge"]:
            return JSONResponse({"error": "bad_verification_code"})
        token = f"gho_{secrets.token_hex(10)}"
        self.tokens.add(token)
        return JSONResponse({"access_token": token, "scope": asked["scope"].replace(" ", ","), "token_type": "bearer"})

    async def me(self, request: Request) -> Response:
        """Answer `/user`."""
        return self._api(request, self.user)

    async def addresses(self, request: Request) -> Response:
        """Answer `/user/emails`."""
        return self._api(request, self.emails)

    def _api(self, request: Request, content: object) -> Response:
        self.asked.append(request.url.path)
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return JSONResponse({"message": "Bad credentials"}, 401)
        if self.failures:
            return JSONResponse({"message": "Unavailable"}, self.failures.pop())
        return JSONResponse(content)


@asynccontextmanager
async def running_github() -> AsyncGenerator[FakeGitHub, None]:
    """Serve until the block ends."""
    fake = FakeGitHub()
    routes = [
        Route("/login/oauth/authorize", fake.authorize),
        Route("/login/oauth/access_token", fake.token, methods=["POST"]),
        Route("/user", fake.me),
        Route("/user/emails", fake.addresses),
    ]
    async with serving(routes) as address:
        fake.address = address
        yield fake
