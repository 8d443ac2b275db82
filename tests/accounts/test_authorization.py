"""Sign-in for apps: the page, the tokens, and everything that somebody could bend."""

import asyncio
from base64 import urlsafe_b64encode
from collections.abc import AsyncGenerator
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from app.accounts import grants
from app.accounts.clients import Client, register
from app.core.db import execute, fetch
from app.core.viewer import Scope
from schema.transport.sessions import SESSION_ENDED
from tests.accounts.test_recovery import request as ask_for_reset
from tests.accounts.test_recovery import reset
from tests.fakes.browsing import browsing, let_in
from tests.fakes.mail import FakeMailer
from tests.fakes.server import Json, RunningServer
from tests.fakes.sweeping import swept
from tests.schema.test_websocket import acknowledged, closing, subscribe, subscribers

BACK, OTHER_BACK = "https://app.example/back", "com.example.app:/back"
VERIFIER = "v" * 43
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
PASSWORD = "correct horse battery"
ADA = "ada@example.com"
ISSUER = "http://images.test"
VIEWER = "{ viewer { displayName email } }"
APPS = "{ viewer { connectedApps { id name scopes } } }"
REVOKE = """mutation ($input: RevokeConnectedAppInput!) {
  revokeConnectedApp(input: $input) { revokedId errors { code path } } }"""


@pytest.fixture
async def client(server: RunningServer) -> Client:
    return await register("A <b>Studio</b>", [BACK, OTHER_BACK], [Scope.PROFILE, Scope.GENERATIONS_READ])


@pytest.fixture
async def session(server: RunningServer) -> str:
    return await server.sign_up()


@pytest.fixture
async def browser(server: RunningServer) -> AsyncGenerator[httpx.AsyncClient, None]:
    """A person's, which keeps cookies."""
    async with browsing(server) as made:
        yield made


def question(client: Client, **more: str | None) -> dict[str, str]:
    """Return the parameters of a good request, with some changed or left out."""
    good = {
        "response_type": "code",
        "client_id": str(client.id),
        "redirect_uri": BACK,
        "scope": "profile generations:read",
        "state": "s & é",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    return {name: value for name, value in {**good, **more}.items() if value is not None}


def answer_of(response: httpx.Response) -> dict[str, str]:
    """Return the parameters that come back to the app."""
    assert response.status_code == 303, response.text
    target = urlsplit(response.headers["location"])
    return {name: value[0] for name, value in parse_qs(target.query).items()}


async def code_for(browser: httpx.AsyncClient, client: Client, **more: str | None) -> str:
    return answer_of(await let_in(browser, question(client, **more)))["code"]


async def token(server: RunningServer, **form: str | None) -> httpx.Response:
    return await server.client.post("/oauth/token", data={name: value for name, value in form.items() if value})


def redeeming(client: Client, code: str, /, **more: str | None) -> dict[str, str | None]:
    good: dict[str, str | None] = {
        "grant_type": "authorization_code",
        "client_id": str(client.id),
        "code": code,
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
    }
    return {**good, **more}


async def tokens_for(server: RunningServer, browser: httpx.AsyncClient, client: Client, **more: str | None) -> Json:
    answer = await token(server, **redeeming(client, await code_for(browser, client, **more)))
    assert answer.status_code == 200, answer.text
    issued: Json = answer.json()
    return issued


async def refreshed(server: RunningServer, client: Client, refresh: str, **more: str) -> httpx.Response:
    return await token(server, grant_type="refresh_token", client_id=str(client.id), refresh_token=refresh, **more)


def refusal(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["error_description"]
    return answer.status_code, answer.json()["error"]


async def works(server: RunningServer, access: str) -> bool:
    return (await server.post(VIEWER, token=access)).status_code == 200


async def test_an_app_signs_a_person_in_with_the_scopes_that_they_allowed(
    server: RunningServer, session: str, browser: httpx.AsyncClient, client: Client, mailer: FakeMailer
) -> None:
    back = await let_in(browser, question(client))

    assert back.headers["location"].startswith(BACK + "?code=anyp_o_")
    answer = answer_of(back)
    assert (answer["state"], answer["iss"]) == ("s & é", ISSUER)
    issued = (await token(server, **redeeming(client, answer["code"]))).json()
    assert (issued["token_type"], issued["expires_in"]) == ("Bearer", 3600)
    assert issued["scope"] == "generations:read profile"
    assert issued["access_token"].startswith("anyp_a_")
    shown = await server.execute(VIEWER, None, issued["access_token"])
    assert shown["data"] == {"viewer": {"displayName": "Ada", "email": None}}
    assert shown["errors"][0]["message"] == "The app lacks the scope `profile:email`."
    await server.queue.settle()
    assert mailer.to(ADA)[-1].subject == "An app was let into your account"
    [app] = (await server.data(APPS, None, session))["viewer"]["connectedApps"]
    assert (app["name"], app["scopes"]) == ("A <b>Studio</b>", ["GENERATIONS_READ", "PROFILE"])


WRONG_EXCHANGES: dict[str, dict[str, str | None]] = {
    "another verifier": {"code_verifier": "w" * 43},
    "the challenge": {"code_verifier": CHALLENGE},
    "another redirect": {"redirect_uri": OTHER_BACK},
    "another code": {"code": "anyp_c_" + "x" * 43},
}


@pytest.mark.parametrize("more", WRONG_EXCHANGES.values(), ids=WRONG_EXCHANGES)
async def test_a_code_is_good_only_with_what_it_was_made_for(
    server: RunningServer, session: str, browser: httpx.AsyncClient, client: Client, more: dict[str, str | None]
) -> None:
    code = await code_for(browser, client)

    assert refusal(await token(server, **redeeming(client, code, **more))) == (400, "invalid_grant")
    assert await fetch("SELECT 1 FROM app_tokens WHERE kind <> 'CODE'") == []


@pytest.mark.parametrize("field", ["grant_type", "client_id", "code", "redirect_uri", "code_verifier"])
async def test_what_is_missing_is_named(
    server: RunningServer, session: str, browser: httpx.AsyncClient, client: Client, field: str
) -> None:
    code = await code_for(browser, client)

    answer = await token(server, **redeeming(client, code, **{field: None}))

    assert refusal(answer) == (400, "invalid_request")
    assert f"`{field}`" in answer.json()["error_description"]


async def test_requests_that_are_no_forms_are_refused(server: RunningServer, client: Client) -> None:
    good = {"grant_type": "password", "client_id": str(client.id)}
    form = {"content-type": "application/x-www-form-urlencoded"}
    for response, wanted in (
        (await server.client.post("/oauth/token", json=good), (400, "invalid_request")),
        (await server.client.post("/oauth/token", content="a=1&a=2", headers=form), (400, "invalid_request")),
        (await server.client.post("/oauth/token", content="a" * 20_000, headers=form), (400, "invalid_request")),
        (await server.client.post("/oauth/token", content=b"\xff", headers=form), (400, "invalid_request")),
        (await server.client.post("/oauth/token", data=good), (400, "unsupported_grant_type")),
        (
            await token(server, grant_type="refresh_token", client_id="none", refresh_token="x"),
            (401, "invalid_client"),
        ),
    ):
        assert refusal(response) == wanted
    assert (await server.client.get("/oauth/token")).status_code == 405


async def test_another_app_gets_nothing_for_a_code_or_a_refresh_token(
    server: RunningServer, session: str, browser: httpx.AsyncClient, client: Client
) -> None:
    eve = await register("Eve", [BACK], list(Scope))
    code = await code_for(browser, client)

    assert refusal(await token(server, **redeeming(eve, code))) == (400, "invalid_grant")
    issued = (await token(server, **redeeming(client, code))).json()
    assert refusal(await refreshed(server, eve, issued["refresh_token"])) == (400, "invalid_grant")
    await server.client.post("/oauth/revoke", data={"client_id": str(eve.id), "token": issued["refresh_token"]})
    assert (await refreshed(server, client, issued["refresh_token"])).status_code == 200


async def test_a_code_that_comes_twice_ends_everything(
    server: RunningServer, session: str, browser: httpx.AsyncClient, client: Client
) -> None:
    code = await code_for(browser, client)
    issued = (await token(server, **redeeming(client, code))).json()

    assert refusal(await token(server, **redeeming(client, code))) == (400, "invalid_grant")

    assert not await works(server, issued["access_token"])
    assert refusal(await refreshed(server, client, issued["refresh_token"])) == (400, "invalid_grant")


async def test_a_code_is_good_for_a_minute_and_only_once_at_once(
    server: RunningServer, session: str, browser: httpx.AsyncClient, client: Client
) -> None:
    [row] = await fetch("SELECT $1::interval <= interval '60 seconds' AS short", grants.CODE_LIFETIME)
    assert row["short"]
    late = await code_for(browser, client)
    await execute("UPDATE app_tokens SET expires_at = now()")
    assert refusal(await token(server, **redeeming(client, late))) == (400, "invalid_grant")

    code = await code_for(browser, client)
    answers = await asyncio.gather(*(token(server, **redeeming(client, code)) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400]


async def test_refresh_tokens_rotate_and_reuse_ends_the_grant(
    server: RunningServer, session: str, browser: httpx.AsyncClient, client: Client
) -> None:
    first = await tokens_for(server, browser, client)
    other = await tokens_for(server, browser, client)
    second = (await refreshed(server, client, first["refresh_token"])).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert second["scope"] == first["scope"]
    assert await works(server, second["access_token"])

    assert refusal(await refreshed(server, client, first["refresh_token"])) == (400, "invalid_grant")

    assert refusal(await refreshed(server, client, second["refresh_token"])) == (400, "invalid_grant")
    assert [await works(server, each["access_token"]) for each in (first, second, other)] == [False, False, True]
    assert len(await fetch("SELECT 1 FROM audit_entries WHERE action = 'APP_TOKEN_REUSED'")) == 1


async def test_scopes_get_narrower_and_never_wider(
    server: RunningServer, session: str, browser: httpx.AsyncClient, client: Client
) -> None:
    issued = await tokens_for(server, browser, client, scope="profile")
    for wider in ("profile generations:read", "generations:write", "nonsense"):
        answer = await refreshed(server, client, issued["refresh_token"], scope=wider)
        assert refusal(answer) == (400, "invalid_scope")

    both = await tokens_for(server, browser, client)
    narrow = (await refreshed(server, client, both["refresh_token"], scope="profile")).json()
    assert narrow["scope"] == "profile"
    pictures = await server.execute("{ viewer { generations { nodes { id } } } }", None, narrow["access_token"])
    assert pictures["errors"][0]["message"] == "The app lacks the scope `generations:read`."
    wide = (await refreshed(server, client, narrow["refresh_token"])).json()
    assert wide["scope"] == both["scope"]


async def test_an_app_gives_back_what_it_has(
    server: RunningServer, session: str, browser: httpx.AsyncClient, client: Client
) -> None:
    for name in ("access_token", "refresh_token"):
        issued = await tokens_for(server, browser, client)
        for _ in range(2):
            form = {"client_id": str(client.id), "token": issued[name], "token_type_hint": "nonsense"}
            assert (await server.client.post("/oauth/revoke", data=form)).status_code == 200
        assert not await works(server, issued["access_token"])
    assert (await server.data(APPS, None, session))["viewer"]["connectedApps"] == []
    answer = await server.client.post("/oauth/revoke", data={"client_id": "none", "token": "x"})
    assert refusal(answer) == (401, "invalid_client")


async def revoked(server: RunningServer, session: str) -> Any:
    [app] = (await server.data(APPS, None, session))["viewer"]["connectedApps"]
    return await server.data(REVOKE, {"input": {"id": app["id"]}}, session)


@pytest.mark.parametrize("ending", ["revoked", "expired", "suspended"])
async def test_what_is_open_ends_with_the_app(
    server: RunningServer, session: str, browser: httpx.AsyncClient, client: Client, ending: str
) -> None:
    server.queue.work_with(None)
    id = (await server.create(session))["generation"]["id"]
    issued = await tokens_for(server, browser, client)
    async with server.socket(issued["access_token"]) as socket:
        await acknowledged(socket)
        await socket.send(httpx.Request("POST", "http://x", json=subscribe(id)).content.decode())
        await subscribers(server, 1)
        if ending == "revoked":
            payload = (await revoked(server, session))["revokeConnectedApp"]
            assert (bool(payload["revokedId"]), payload["errors"]) == (True, [])
        elif ending == "expired":
            await execute("UPDATE app_tokens SET expires_at = now() WHERE kind = 'ACCESS'")
        else:
            await execute("UPDATE users SET status = 'SUSPENDED'")
        async with asyncio.timeout(20):
            assert await closing(socket) == (4403, SESSION_ENDED)
    assert not await works(server, issued["access_token"])
    wanted = 200 if ending == "expired" else 400
    assert (await refreshed(server, client, issued["refresh_token"])).status_code == wanted


async def test_no_app_disconnects_apps_or_makes_keys(
    server: RunningServer, session: str, browser: httpx.AsyncClient, client: Client
) -> None:
    issued = await tokens_for(server, browser, client)
    [app] = (await server.data(APPS, None, session))["viewer"]["connectedApps"]

    for document, variables in ((REVOKE, {"input": {"id": app["id"]}}), (APPS, None)):
        answer = await server.execute(document, variables, issued["access_token"])
        assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert await works(server, issued["access_token"])


async def test_a_forgotten_password_disconnects_all_apps(
    server: RunningServer, session: str, browser: httpx.AsyncClient, client: Client, mailer: FakeMailer
) -> None:
    issued = await tokens_for(server, browser, client)
    await ask_for_reset(server)
    await reset(server, mailer.token(ADA))

    assert not await works(server, issued["access_token"])
    assert (await refreshed(server, client, issued["refresh_token"])).status_code == 400


async def test_no_token_is_in_the_database(
    server: RunningServer, session: str, browser: httpx.AsyncClient, client: Client
) -> None:
    code = await code_for(browser, client)
    issued = (await token(server, **redeeming(client, code))).json()
    for table in await fetch("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"):
        for secret in (code, issued["access_token"], issued["refresh_token"]):
            rows = await fetch(f"SELECT 1 FROM {table['name']} AS row WHERE strpos(row::text, $1) > 0", secret[-20:])
            assert rows == [], table["name"]


async def test_grants_are_forgotten_when_nothing_of_them_lives(
    server: RunningServer, session: str, browser: httpx.AsyncClient, client: Client
) -> None:
    await tokens_for(server, browser, client)
    await code_for(browser, client)
    assert await swept("app_grants") == 0
    await execute("UPDATE app_tokens SET expires_at = now() WHERE kind <> 'REFRESH'")
    assert await swept("app_grants") == 1
    await execute("UPDATE app_grants SET expires_at = now()")
    assert await swept("app_grants") == 1
