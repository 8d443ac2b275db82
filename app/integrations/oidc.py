"""Providers of OpenID Connect, such as Google: by discovery, with the authorization code flow, PKCE and nonce
(OpenID Connect Core 1.0, section 3.1; Discovery 1.0; RFC 7636; RFC 9207).
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry, decode

from app.core.ports import Departure, ProvenIdentity, ProviderMistrusted
from app.integrations.oauth import Client, code_in, exchanged, new_secret, read_json, subject_of

SCOPE = "openid email profile"
KEPT = timedelta(hours=1)
"""How long what a provider publishes about itself is believed."""
ASYMMETRIC = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Never `none`, and nothing that whoever knows our client secret could sign."""
LEEWAY = 60
"""Seconds that clocks may differ by."""
MAX_SUBJECT = 255
"""Section 2: ASCII characters."""
MAX_AGE_OF_TOKEN = 600
"""Seconds: an answer follows its question."""


@dataclass(frozen=True, slots=True)
class _Published:
    """What a provider says of itself, and its keys."""

    endpoints: Mapping[str, str]
    algorithms: tuple[str, ...]
    auth_method: str
    says_issuer: bool
    tells_auth_time: bool
    prompts: bool
    keys: KeySet
    read_at: datetime


@dataclass(slots=True)
class OpenIDProvider:
    """One issuer."""

    processor: str
    issuer: str
    client: Client
    _published: _Published | None = field(default=None, init=False)

    @property
    def leads_to(self) -> str:
        """The issuer's origin, where Google and most others have their page."""
        scheme, _, rest = self.issuer.partition("://")
        return f"{scheme}://{rest.partition('/')[0]}"

    async def depart(self, *, anew: bool) -> Departure:
        """Return where to send a browser. Raises ProviderAway, ProviderMistrusted."""
        published = await self._known()
        more: dict[str, str] = {}
        if anew:
            more["max_age"] = "0"
            if published.prompts:
                more["prompt"] = "login"
        async with self.client.connected(SCOPE, published.auth_method) as asking:
            endpoint = published.endpoints["authorization_endpoint"]
            return self.client.departure(asking, endpoint, anew=anew, nonce=new_secret(), **more)

    async def arrive(self, answer: Mapping[str, str], departure: Departure) -> ProvenIdentity:
        """Return who came back. Raises ProviderAway, ProviderDenied, ProviderMistrusted."""
        code, published = code_in(answer, departure), await self._known()
        if (published.says_issuer or "iss" in answer) and answer.get("iss") != self.issuer:
            raise ProviderMistrusted("issuer of the callback")
        async with self.client.connected(SCOPE, published.auth_method) as asking:
            token = await exchanged(asking, published.endpoints["token_endpoint"], code, departure.verifier)
            claims = await self._verified(token.get("id_token"), departure)
            if "email" not in claims and "userinfo_endpoint" in published.endpoints:
                claims = {**await _userinfo(asking, published.endpoints["userinfo_endpoint"], claims["sub"]), **claims}
        return ProvenIdentity(
            subject=subject_of(self.issuer, claims["sub"]),
            email=_text(claims, "email") if claims.get("email_verified") is True else None,
            name=_text(claims, "name") or "",
            picture=_larger(_text(claims, "picture")),
            proved_at=self._proved_at(claims, departure, published),
        )

    async def _verified(self, token: object, departure: Departure) -> dict[str, Any]:
        """Return the claims of an ID token (section 3.1.3.7). Raises ProviderMistrusted."""
        if not isinstance(token, str):
            raise ProviderMistrusted("no ID token")
        published = await self._known()
        try:
            try:
                claims = decode(token, published.keys, algorithms=list(published.algorithms)).claims
            except InvalidKeyIdError:  # its keys are newer than what we know
                published = await self._read()
                claims = decode(token, published.keys, algorithms=list(published.algorithms)).claims
            self._rules().validate(claims)
        except (JoseError, ValueError, TypeError) as error:
            reason = getattr(error, "error", type(error).__name__)
            raise ProviderMistrusted(f"ID token: {reason} {getattr(error, 'claim', '')}") from None
        self._check_audience(claims)
        nonce = claims["nonce"]
        if not isinstance(nonce, str) or not hmac.compare_digest(nonce.encode(), departure.nonce.encode()):
            raise ProviderMistrusted("ID token: nonce")
        if not 0 < len(claims["sub"]) <= MAX_SUBJECT or not claims["sub"].isascii():
            raise ProviderMistrusted("ID token: sub")
        return claims

    def _rules(self) -> JWTClaimsRegistry:
        now = int(self.client.clock.now().timestamp())
        return JWTClaimsRegistry(
            now=now,
            leeway=LEEWAY,
            iss={"essential": True, "value": self.issuer},
            sub={"essential": True},
            aud={"essential": True, "value": self.client.id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True},
        )

    def _check_audience(self, claims: Mapping[str, Any]) -> None:
        others = [claims["aud"]] if isinstance(claims["aud"], str) else claims["aud"]
        authorized = claims.get("azp")
        if (len(others) > 1 or authorized is not None) and authorized != self.client.id:
            raise ProviderMistrusted("ID token: azp")
        if claims["iat"] < self.client.clock.now().timestamp() - MAX_AGE_OF_TOKEN:
            raise ProviderMistrusted("ID token: iat")

    def _proved_at(self, claims: Mapping[str, Any], departure: Departure, published: _Published) -> datetime | None:
        """Return when they proved themselves there. Raises ProviderMistrusted where that should be anew, and is not."""
        told = claims.get("auth_time")
        if told is None and not (departure.anew and published.tells_auth_time):
            return None
        if isinstance(told, bool) or not isinstance(told, int):
            raise ProviderMistrusted("ID token: auth_time")
        if departure.anew and told < departure.begun_at.timestamp() - LEEWAY:
            raise ProviderMistrusted("ID token: auth_time is old")
        return datetime.fromtimestamp(min(max(told, 0), self.client.clock.now().timestamp()), UTC)

    async def _known(self) -> _Published:
        found = self._published
        if found is None or found.read_at < self.client.clock.now() - KEPT:
            return await self._read()
        return found

    async def _read(self) -> _Published:
        """Read what the provider publishes. Raises ProviderAway, ProviderMistrusted."""
        async with self.client.connected(SCOPE, "none") as asking:
            said = await read_json(asking, f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            if not isinstance(said, dict) or said.get("issuer") != self.issuer:
                raise ProviderMistrusted("discovery: another issuer")
            endpoints = {name: said[name] for name in said if name.endswith(("_endpoint", "_uri"))}
            if not {"authorization_endpoint", "token_endpoint", "jwks_uri"} <= endpoints.keys():
                raise ProviderMistrusted("discovery: endpoints are missing")
            if any(not str(url).startswith(self.issuer.partition("://")[0]) for url in endpoints.values()):
                raise ProviderMistrusted("discovery: an endpoint is not safe")
            keys = await read_json(asking, endpoints["jwks_uri"])
        try:
            key_set = KeySet.import_key_set(keys)
        except (JoseError, ValueError, TypeError, LookupError):
            raise ProviderMistrusted("keys") from None
        self._published = _published(said, endpoints, key_set, self.client.clock.now())
        return self._published


def _published(said: Mapping[str, Any], endpoints: Mapping[str, str], keys: KeySet, now: datetime) -> _Published:
    offered = said.get("id_token_signing_alg_values_supported") or ["RS256"]
    methods = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return _Published(
        endpoints,
        tuple(algorithm for algorithm in ASYMMETRIC if algorithm in offered),
        "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post",
        said.get("authorization_response_iss_parameter_supported") is True,
        "auth_time" in (said.get("claims_supported") or ()),
        "login" in (said.get("prompt_values_supported") or ()),
        keys,
        now,
    )


async def _userinfo(asking: AsyncOAuth2Client, endpoint: str, subject: str) -> dict[str, Any]:
    """Return more claims (section 5.3), of the same person only. Raises ProviderMistrusted."""
    said = await read_json(asking, endpoint, signed=True)
    if not isinstance(said, dict) or said.get("sub") != subject:
        raise ProviderMistrusted("userinfo: of somebody else")
    return said


def _larger(picture: str | None) -> str | None:
    """Return the address of a larger copy where Google's says that it is of a small one."""
    small = picture is not None and ".googleusercontent.com/" in picture and picture.endswith("=s96-c")
    return f"{picture.removesuffix('=s96-c')}=s256-c" if picture and small else picture


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    value = claims.get(name)
    return value if isinstance(value, str) and value else None
