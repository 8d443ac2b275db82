"""The security page: what a person sees of their account, and that nobody else changes it."""

import re
from collections.abc import AsyncGenerator
from html import unescape

import httpx
import pytest

from app.accounts.clients import register
from app.core.db import execute, fetch
from app.core.viewer import Scope
from tests.accounts.test_authorization import BACK, question
from tests.accounts.test_second_factors import App
from tests.accounts.test_sessions import sign_in as sign_in_by_api
from tests.fakes.authenticator import Authenticator
from tests.fakes.browsing import ORIGIN, asking, browsing, let_in, send_form, sign_in
from tests.fakes.server import RunningServer

HOME = "/account"
ENROL = "mutation { enrolPasskey(input: {}) { options errors { code } } }"
KEY = """mutation { createApiKey(input: {name: "Script", scopes: [PROFILE]}) {
  apiKey { id } secret errors { code } } }"""
FORMS = [
    "/account/totp",
    "/account/totp/confirm",
    "/account/passkeys",
    "/account/recovery-codes",
    "/account/factors/remove",
    "/account/recovery/stop",
    "/account/sessions/revoke",
    "/account/sessions/revoke-all",
    "/account/apps/revoke",
    "/account/keys/revoke",
]


@pytest.fixture
async def browser(server: RunningServer) -> AsyncGenerator[httpx.AsyncClient, None]:
    """Ada's, signed in."""
    await server.sign_up()
    async with browsing(server) as made:
        await sign_in(made)
        yield made


async def press(browser: httpx.AsyncClient, path: str, **fields: str) -> httpx.Response:
    return await send_form(browser, HOME, fields, to=path)


async def set_up_app(browser: httpx.AsyncClient) -> tuple[App, list[str]]:
    """Set an authenticator app up through the page."""
    shown = await press(browser, "/account/totp")
    secret = re.search(r"Key: <code>([A-Z2-7 ]+)</code>", shown.text)
    assert secret, shown.text
    app = App(secret[1].replace(" ", ""))
    done = await press(browser, "/account/totp/confirm", code=app.code())
    assert done.status_code == 200
    return app, re.findall(r"<code>([A-Z2-7-]{19})</code>", done.text)


async def test_an_app_is_set_up_by_code_and_removed(server: RunningServer, browser: httpx.AsyncClient) -> None:
    shown = await press(browser, "/account/totp")
    assert "otpauth://totp/AnyPeople%3Aada%40example.com?secret=" in unescape(shown.text)
    assert shown.text.count("<svg") == 1
    assert " style=" not in shown.text
    wrong = await press(browser, "/account/totp/confirm", code="000000")
    assert (wrong.status_code, 'role="alert"' in wrong.text) == (422, True)
    assert "None is set up" in (await browser.get(HOME)).text

    _, codes = await set_up_app(browser)

    assert len(codes) == 10
    page = await browser.get(HOME)
    assert "Authenticator app" in page.text
    assert "10 recovery codes are left" in page.text
    assert not [code for code in codes if code in page.text]
    renewed = await press(browser, "/account/recovery-codes")
    assert len(set(re.findall(r"<code>([A-Z2-7-]{19})</code>", renewed.text)) - set(codes)) == 10
    [factor] = await fetch("SELECT id FROM totps")
    assert (await press(browser, "/account/factors/remove", id=str(factor["id"]))).headers["location"] == HOME
    assert await fetch("SELECT 1 FROM totps") == []


async def test_a_passkey_is_set_up_and_named(server: RunningServer, browser: httpx.AsyncClient) -> None:
    options = (await asking(browser, ENROL)).json()["data"]["enrolPasskey"]["options"]
    device = Authenticator()

    done = await press(browser, "/account/passkeys", credential=device.create(options), name="Ada's <phone>")

    assert len(re.findall(r"<code>[A-Z2-7-]{19}</code>", done.text)) == 10
    assert "Ada&#39;s &lt;phone&gt;" in (await browser.get(HOME)).text
    wrong = await press(browser, "/account/passkeys", credential="{}", name="x")
    assert (wrong.status_code, 'role="alert"' in wrong.text) == (422, True)


async def test_what_is_hard_to_undo_asks_for_a_fresh_proof(server: RunningServer, browser: httpx.AsyncClient) -> None:
    app, _ = await set_up_app(browser)
    [factor] = await fetch("SELECT id FROM totps")
    await execute("UPDATE sessions SET authenticated_at = now() - interval '11 minutes'")

    for path in ("/account/totp", "/account/recovery-codes", "/account/factors/remove"):
        refused = await press(browser, path, id=str(factor["id"]))
        assert refused.headers["location"] == "/account/prove?next=%2Faccount"
    assert len(await fetch("SELECT 1 FROM totps")) == 1

    await send_form(browser, "/account/prove", {"code": await app.next_code()}, {"next": HOME})
    await press(browser, "/account/factors/remove", id=str(factor["id"]))
    assert await fetch("SELECT 1 FROM totps") == []


async def test_sessions_are_listed_and_ended(server: RunningServer, browser: httpx.AsyncClient) -> None:
    phone = await sign_in_by_api(server, **{"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"})
    page = (await browser.get(HOME)).text
    assert page.count("(this one)") == 1
    assert "127.0.0.0/24" in page
    [row] = await fetch("SELECT id FROM sessions WHERE device LIKE 'Firefox%'")

    await press(browser, "/account/sessions/revoke", id=str(row["id"]))
    assert (await server.post("{ viewer { id } }", token=phone)).status_code == 401

    gone = await press(browser, "/account/sessions/revoke-all")
    assert gone.headers["location"] == "/account/sign-in?next=%2Faccount"
    assert "session" not in browser.cookies
    assert await fetch("SELECT 1 FROM sessions") == []


async def test_apps_and_keys_are_listed_and_revoked(server: RunningServer, browser: httpx.AsyncClient) -> None:
    client = await register("A <b>Studio</b>", [BACK], [Scope.PROFILE, Scope.GENERATIONS_READ])
    code = (await let_in(browser, question(client))).headers["location"].partition("code=")[2].partition("&")[0]
    verifier = {"code_verifier": "v" * 43, "redirect_uri": BACK, "client_id": str(client.id)}
    await server.client.post("/oauth/token", data={"grant_type": "authorization_code", "code": code, **verifier})
    made = (await asking(browser, KEY)).json()["data"]["createApiKey"]
    page = (await browser.get(HOME)).text
    assert "A &lt;b&gt;Studio&lt;/b&gt;" in page
    assert f"(…{made['secret'][-4:]})" in page
    [key] = await fetch("SELECT id FROM api_keys")

    await press(browser, "/account/apps/revoke", id=str(client.id))
    await press(browser, "/account/keys/revoke", id=str(key["id"]))

    assert await fetch("SELECT 1 FROM app_grants") == []
    assert await fetch("SELECT 1 FROM api_keys") == []


async def test_whoever_is_signed_in_stops_a_recovery(server: RunningServer, browser: httpx.AsyncClient) -> None:
    await set_up_app(browser)
    assert "Somebody said" not in (await browser.get(HOME)).text
    await execute(
        """INSERT INTO account_recoveries (id, user_id, created_at, ends_at)
           SELECT gen_random_uuid(), id, now(), '2030-05-06' FROM users"""
    )
    assert "6 May 2030" in (await browser.get(HOME)).text

    assert (await press(browser, "/account/recovery/stop")).headers["location"] == HOME

    assert await fetch("SELECT 1 FROM account_recoveries") == []
    assert len(await fetch("SELECT 1 FROM audit_entries WHERE action = 'RECOVERY_CANCELED'")) == 1


async def everything() -> list[list[object]]:
    tables = ("sessions", "totps", "passkeys", "recovery_codes", "app_grants", "api_keys")
    found = []
    for table in tables:
        found.append([row["id"] for row in await fetch(f"SELECT id FROM {table} ORDER BY id")])
    return found


@pytest.mark.parametrize("path", FORMS)
async def test_no_form_works_without_our_proof_or_from_elsewhere(
    server: RunningServer, browser: httpx.AsyncClient, path: str
) -> None:
    await set_up_app(browser)
    page = (await browser.get(HOME)).text
    proof = re.findall(r'name="csrf" value="([0-9a-f]+)"', page)[0]
    [factor], [session] = (
        await fetch("SELECT id FROM totps"),
        await fetch("SELECT id FROM sessions WHERE rotate_at IS NULL"),
    )
    before = await everything()

    for id in (factor["id"], session["id"]):
        for form, headers in (
            ({}, {"origin": ORIGIN}),
            ({"csrf": "é"}, {"origin": ORIGIN}),
            ({"csrf": proof}, {"origin": "https://evil.example"}),
            ({"csrf": proof}, {"origin": "null", "sec-fetch-site": "cross-site"}),
        ):
            answer = await browser.post(path, data={"id": str(id), **form}, headers=headers)
            assert answer.status_code == 422
    assert await everything() == before
    browser.cookies.delete("session")
    answer = await browser.post(path, data={"csrf": proof, "id": str(factor["id"])}, headers={"origin": ORIGIN})
    assert answer.headers["location"] == "/account/sign-in?next=%2Faccount"
    assert await everything() == before


async def test_nobody_ends_what_is_anothers(server: RunningServer, browser: httpx.AsyncClient) -> None:
    await set_up_app(browser)
    await asking(browser, KEY)
    await server.sign_up("eve")
    before = await everything()
    ids = {path: rows[0]["id"] for path, rows in {
        "/account/factors/remove": await fetch("SELECT id FROM totps"),
        "/account/sessions/revoke": await fetch("SELECT id FROM sessions ORDER BY id LIMIT 1"),
        "/account/keys/revoke": await fetch("SELECT id FROM api_keys"),
    }.items()}  # fmt: skip
    async with browsing(server) as eves:
        await sign_in(eves, "eve@example.com")
        for path, id in ids.items():
            refused = await press(eves, path, id=str(id))
            nonsense = await press(eves, path, id="none")
            assert (refused.status_code, refused.text.count('role="alert"')) == (422, 2), path
            assert nonsense.status_code == 422
    after = await everything()
    assert [set(b) <= set(a) for a, b in zip(after, before, strict=True)] == [True] * 6


async def test_another_password_is_a_mail_away(browser: httpx.AsyncClient) -> None:
    home = await browser.get(HOME)
    [link] = re.findall(r'<a href="([^"]+)">Set another password</a>', home.text)

    assert (await browser.get(link)).status_code == 200
