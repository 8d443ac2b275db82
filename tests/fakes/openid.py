"""A provider of OpenID Connect that keeps the rules, and breaks one of them on demand. Whoever comes is signed in."""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.fakes.serving import serving

Json = dict[str, Any]
CLIENT_ID, CLIENT_SECRET = "an-app", "a secret of the app"


def s256(verifier: str) -> str:
    """Return the challenge of a verifier (RFC 7636)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


@dataclass
class FakeOpenID:
    """Implements discovery, `/authorize`, `/token`, `/jwks`, `/userinfo`."""

    redirect: str = "http://images.test/account/with/google/callback"
    address: str = ""
    person: Json = field(
        default_factory=lambda: {
            "sub": "google-ada",
            "email": "ada@example.com",
            "email_verified": True,
            "name": "Ada L.",
        }
    )
    in_userinfo: bool = False
    """Whether the address and so on are in `/userinfo` only."""
    metadata: Json = field(default_factory=dict)
    spoil: Callable[[Json], None] = lambda claims: None
    """Changes the claims of ID tokens before they are signed."""
    forge: Callable[[Json, str], str] | None = None
    """Makes another token of claims and the good one."""
    answer: Json = field(default_factory=dict)
    """What is changed in the parameters of the callback."""
    status: int = 200
    """Of `/token` and of discovery."""
    questions: list[Json] = field(default_factory=list)
    """Parameters of `/authorize`."""
    exchanges: int = 0
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    codes: dict[str, Json] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    picture: bytes = b""

    async def discovery(self, _request: Request) -> Response:
        """Answer `/.well-known/openid-configuration`."""
        said = {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/jwks",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            "claims_supported": ["auth_time"],
            "prompt_values_supported": ["login"],
            "authorization_response_iss_parameter_supported": True,
        }
        return JSONResponse({**said, **self.metadata}, self.status)

    async def jwks(self, _request: Request) -> Response:
        """Answer `/jwks`."""
        return JSONResponse(KeySet([self.key]).as_dict(private=False))

    async def authorize(self, request: Request) -> Response:
        """Answer `/authorize`: only the one redirect is known."""
        asked = dict(request.query_params)
        self.questions.append(asked)
        if (asked["client_id"], asked["redirect_uri"]) != (CLIENT_ID, self.redirect):
            return Response("unknown app or redirect", 400)
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        back = {"code": code, "state": asked["state"], "iss": self.address, **self.answer}
        return RedirectResponse(f"{self.redirect}?{urlencode({n: v for n, v in back.items() if v is not None})}", 303)

    async def token(self, request: Request) -> Response:
        """Answer `/token`: client, code, verifier and redirect have to fit, once."""
        self.exchanges += 1
        if self.status != 200:
            return JSONResponse({"error": "server_error"}, self.status)
        form = dict(parse_qsl((await request.body()).decode()))
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".replace(" ", "%20").encode()).decode()
        plain = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if request.headers.get("authorization") not in {f"Basic {basic}", f"Basic {plain}"}:
            return JSONResponse({"error": "invalid_client"}, 401)
        asked = self.codes.pop(form["code"], None)
        if (
            asked is None
            or form["redirect_uri"] != self.redirect
            or s256(form["code_verifier"]) != asked["code_challenge"]
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        access = secrets.token_urlsafe()
        self.tokens.add(access)
        return JSONResponse({"access_token": access, "token_type": "Bearer", "id_token": self._id_token(asked)})

    def _id_token(self, asked: Json) -> str:
        now = int(time.time())
        person = {"sub": self.person["sub"]} if self.in_userinfo else self.person
        claims = {**person, "iss": self.address, "aud": CLIENT_ID, "iat": now, "exp": now + 300}
        claims["nonce"] = asked["nonce"]
        if "max_age" in asked:
            claims["auth_time"] = now
        self.spoil(claims)
        good = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)
        return self.forge(claims, good) if self.forge else good

    async def userinfo(self, request: Request) -> Response:
        """Answer `/userinfo`."""
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return JSONResponse({"error": "invalid_token"}, 401)
        return JSONResponse(self.person)

    async def image(self, _request: Request) -> Response:
        """Answer `/picture`."""
        return Response(self.picture, media_type="image/png")


def unsigned(claims: Json, _good: str) -> str:
    """Return a token of the algorithm `none`."""
    parts = ({"alg": "none", "typ": "JWT"}, claims)
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + "."


@asynccontextmanager
async def running_openid() -> AsyncGenerator[FakeOpenID, None]:
    """Serve until the block ends."""
    fake = FakeOpenID()
    routes = [
        Route("/.well-known/openid-configuration", fake.discovery),
        Route("/authorize", fake.authorize),
        Route("/token", fake.token, methods=["POST"]),
        Route("/jwks", fake.jwks),
        Route("/userinfo", fake.userinfo),
        Route("/picture", fake.image),
    ]
    async with serving(routes) as address:
        fake.address = address
        yield fake
