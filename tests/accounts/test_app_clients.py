"""Apps: how they are registered, and how they find what they call."""

import json
from base64 import urlsafe_b64encode

import jwt
import pytest

from app.accounts.clients import register
from app.core.errors import InvalidInput
from app.core.viewer import Scope
from tests.fakes.server import RunningServer

ISSUER = "http://images.test"


async def test_any_page_may_call_what_apps_call_and_no_other(server: RunningServer) -> None:
    found = await server.client.get(
        "/.well-known/oauth-authorization-server", headers={"origin": "https://new.example"}
    )
    described = found.json()
    assert found.headers["access-control-allow-origin"] == "*"
    assert described["issuer"] == ISSUER
    assert described["code_challenge_methods_supported"] == ["S256"]
    asking = {"origin": "https://new.example", "access-control-request-method": "POST"}
    statuses = {"/oauth/token": 200, "/oauth/revoke": 200, "/graphql": 400, "/oauth/authorize": 400}
    for path, status in {**statuses, "/.well-known/jwks.json": 200}.items():
        answer = await server.client.options(path, headers=asking)
        assert answer.status_code == status, path
        assert answer.headers.get("access-control-allow-origin") == ("*" if status == 200 else None), path
        assert "access-control-allow-credentials" not in answer.headers


async def test_what_we_say_of_ourselves_is_signed_with_the_key_that_we_publish(server: RunningServer) -> None:
    described = (await server.client.get("/.well-known/oauth-authorization-server")).json()
    published = await server.client.get(described["jwks_uri"].replace(ISSUER, server.address))
    signed = described.pop("signed_metadata")
    assert published.headers["content-type"] == "application/jwk-set+json"
    keys = jwt.PyJWKSet.from_dict(published.json())
    key = keys[jwt.get_unverified_header(signed)["kid"]]

    claims = jwt.decode(signed, key, algorithms=["EdDSA"], issuer=ISSUER)

    assert claims == {"iss": ISSUER, **described}
    head, _, signature = signed.split(".")
    body = json.dumps({**claims, "token_endpoint": "https://evil.example/token"}).encode()
    forged = f"{head}.{urlsafe_b64encode(body).decode().rstrip('=')}.{signature}"
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(forged, key, algorithms=["EdDSA"], issuer=ISSUER)


@pytest.mark.parametrize(
    "redirect",
    [
        "http://app.example/back",
        "https://app.example/back#x",
        "https://app.example",
        "javascript:/alert",
        "https://a@b.example/",
        "https://app.example/ x",
        "http://localhost/back",
        "http://127.0.0.1:0/back",
        "https://*.example/back",
        "myapp:/back",
        "https://app.example/\n",
    ],
)
async def test_redirects_that_lead_astray_are_not_registered(database: str, redirect: str) -> None:
    with pytest.raises(InvalidInput):
        await register("App", [redirect], [Scope.PROFILE])


async def test_people_come_back_to_any_port_of_their_own_machine_and_else_letter_by_letter(database: str) -> None:
    client = await register("App", ["http://127.0.0.1/back", "http://[::1]:1234/back", "https://a.example/"], [*Scope])

    for good in ("http://127.0.0.1/back", "http://127.0.0.1:51234/back", "http://[::1]:9/back", "https://a.example/"):
        assert client.returns_to(good), good
    for bad in (
        "http://127.0.0.1:51234/back/",
        "http://127.0.0.1:51234@b.example/back",
        "http://127.0.0.1:1/back?x=1",
        "http://127.0.0.1:1/back#x",
        "http://localhost:51234/back",
        "https://127.0.0.1:51234/back",
        "https://a.example:444/",
        "https://a.example",
    ):
        assert not client.returns_to(bad), bad
