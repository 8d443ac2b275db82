"""The pages that sign people in: what they ask, what they refuse, and that their forms are ours."""

from collections.abc import AsyncGenerator
from dataclasses import replace

import httpx
import pytest

from app.core.db import execute, fetch
from app.core.limits import LIMITS, Doing, Per
from tests.accounts.test_passkeys import with_passkey
from tests.accounts.test_second_factors import protected
from tests.fakes.browsing import ADA, ORIGIN, PASSWORD, PROOF, asking, browsing, send_form, sign_in
from tests.fakes.server import RunningServer

SIGN_IN, SECOND = "/account/sign-in", "/account/second-factor"
OPTIONS = "mutation { passkeyOptions { options } }"


@pytest.fixture
async def browser(server: RunningServer) -> AsyncGenerator[httpx.AsyncClient, None]:
    async with browsing(server) as made:
        yield made


async def signed_in(browser: httpx.AsyncClient) -> bool:
    return bool((await asking(browser, "{ viewer { id } }")).json()["data"]["viewer"])


async def test_a_password_opens_a_session_and_leads_where_one_came_from(
    server: RunningServer, browser: httpx.AsyncClient
) -> None:
    await server.sign_up()
    refused = await browser.get("/account")
    assert refused.headers["location"] == "/account/sign-in?next=%2Faccount"

    answer = await sign_in(browser, to="/graphiql?x=1")

    assert (answer.status_code, answer.headers["location"]) == (303, "/graphiql?x=1")
    assert await signed_in(browser)
    page = await browser.get("/account")
    assert "You are signed in as Ada. Your address is ada@example.com." in page.text
    [entry] = await fetch("SELECT action FROM audit_entries ORDER BY id DESC LIMIT 1")
    assert entry["action"] == "SIGNED_IN"


async def test_nobody_is_sent_away_after_signing_in(server: RunningServer, browser: httpx.AsyncClient) -> None:
    await server.sign_up()

    answer = await sign_in(browser, to="//evil.example")

    assert answer.headers["location"] == "/account"


async def test_the_page_says_what_is_wrong_and_forgets_the_password(
    server: RunningServer, browser: httpx.AsyncClient
) -> None:
    await server.sign_up()
    wrong = await sign_in(browser, password="another horse battery")
    unknown = await sign_in(browser, "nobody@example.com")
    await execute("UPDATE users SET status = 'SUSPENDED'")
    suspended = await sign_in(browser)

    assert [answer.status_code for answer in (wrong, unknown, suspended)] == [422] * 3
    for answer in (wrong, unknown, suspended):
        assert 'role="alert"' in answer.text
    assert "another horse battery" not in wrong.text
    assert "suspended" in suspended.text
    shown = [answer.text.partition("<main>")[2].partition("csrf")[0] for answer in (wrong, unknown)]
    assert shown[0] == shown[1].replace("nobody@", "ada@") != ""
    assert not await signed_in(browser)


async def test_guessing_on_the_page_is_limited(server: RunningServer, browser: httpx.AsyncClient) -> None:
    await server.sign_up()
    [amount] = [limit.amount for limit in LIMITS[Doing.SIGN_IN] if limit.per is Per.TARGET]

    answers = [await sign_in(browser, password="a wrong guess here") for _ in range(amount + 1)]

    assert [answer.status_code for answer in answers] == [422] * amount + [429]
    assert "Too many tries" in answers[-1].text
    assert (await sign_in(browser)).status_code == 429


FORGED: dict[str, dict[str, str]] = {
    "a stranger's page": {"origin": "https://evil.example"},
    "a sibling": {"origin": "http://images.test:81"},
    "a sandboxed page": {"origin": "null", "sec-fetch-site": "cross-site"},
    "another site": {"sec-fetch-site": "cross-site"},
    "the same site": {"sec-fetch-site": "same-site"},
}


@pytest.mark.parametrize("headers", FORGED.values(), ids=FORGED)
async def test_a_form_that_another_page_sends_signs_nobody_in(
    server: RunningServer, browser: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    await server.sign_up()
    proof = PROOF.findall((await browser.get(SIGN_IN)).text)[0]
    form = {"csrf": proof, "email": ADA, "password": PASSWORD}

    answer = await browser.post(SIGN_IN, data=form, headers=headers)

    assert answer.status_code == 422
    assert not await signed_in(browser)


@pytest.mark.parametrize("headers", [{}, {"origin": ORIGIN}, {"origin": "null", "sec-fetch-site": "same-origin"}])
async def test_a_form_that_our_page_sends_signs_in(
    server: RunningServer, browser: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    await server.sign_up()
    proof = PROOF.findall((await browser.get(SIGN_IN)).text)[0]

    answer = await browser.post(SIGN_IN, data={"csrf": proof, "email": ADA, "password": PASSWORD}, headers=headers)

    assert answer.status_code == 303
    assert await signed_in(browser)


async def test_a_form_without_our_proof_signs_nobody_in(server: RunningServer, browser: httpx.AsyncClient) -> None:
    """Login CSRF: whoever has somebody else's proof, or none, cannot sign a browser in to their own account."""
    await server.sign_up()
    async with browsing(server) as eves:
        proof = PROOF.findall((await eves.get(SIGN_IN)).text)[0]
    form = {"email": ADA, "password": PASSWORD}
    without_cookie = await browser.post(SIGN_IN, data={**form, "csrf": proof})
    await browser.get(SIGN_IN)

    answers = [await browser.post(SIGN_IN, data={**form, **more}) for more in ({}, {"csrf": proof}, {"csrf": "é"})]

    assert [answer.status_code for answer in (without_cookie, *answers)] == [422] * 4
    assert await fetch("SELECT 1 FROM sessions WHERE rotate_at IS NOT NULL") == []


async def test_the_password_alone_does_not_do_where_a_second_factor_is(
    server: RunningServer, browser: httpx.AsyncClient
) -> None:
    _, app, codes = await protected(server)

    asked = await sign_in(browser, to="/graphiql")

    assert asked.headers["location"] == "/account/second-factor?next=%2Fgraphiql"
    assert "session" not in browser.cookies
    assert not await signed_in(browser)
    for wrong in ("000000", app.code(10), ""):
        refused = await send_form(browser, SECOND, {"code": wrong}, {"next": "/graphiql"})
        assert refused.status_code == 422
        assert not await signed_in(browser)
    answer = await send_form(browser, SECOND, {"code": await app.next_code()}, {"next": "/graphiql"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/graphiql")
    assert await signed_in(browser)
    assert "challenge" not in browser.cookies

    browser.cookies.clear()
    await sign_in(browser)
    assert (await send_form(browser, SECOND, {"code": codes[0]})).status_code == 303
    assert await signed_in(browser)


async def test_a_challenge_is_carried_by_one_browser_and_for_a_while(
    server: RunningServer, browser: httpx.AsyncClient
) -> None:
    _, app, _ = await protected(server)
    asked = await sign_in(browser)
    [cookie] = [each for each in asked.headers.get_list("set-cookie") if each.startswith("challenge=")]
    assert {"HttpOnly", "Max-Age=600", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    async with browsing(server) as other:
        assert "sign in again" in (await other.get(SECOND)).text
    await execute("UPDATE sign_in_challenges SET expires_at = now()")

    proof = PROOF.findall((await browser.get(SIGN_IN)).text)[0]
    answer = await browser.post(SECOND, data={"csrf": proof, "code": await app.next_code()})

    assert answer.status_code == 422
    assert "sign in again" in answer.text
    assert not await signed_in(browser)


async def test_a_passkey_signs_in_without_a_password(server: RunningServer, browser: httpx.AsyncClient) -> None:
    _, device, _ = await with_passkey(server)
    options = (await server.data(OPTIONS))["passkeyOptions"]["options"]
    evil = replace(device, origin="https://evil.example").get(options)
    options = (await server.data(OPTIONS))["passkeyOptions"]["options"]

    refused = await send_form(browser, SIGN_IN, {"credential": evil})
    assert refused.status_code == 422
    assert not await signed_in(browser)

    answer = await send_form(browser, SIGN_IN, {"credential": device.get(options)}, {"next": "/graphiql"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/graphiql")
    assert await signed_in(browser)


async def test_a_passkey_answers_for_the_second_factor(server: RunningServer, browser: httpx.AsyncClient) -> None:
    _, device, _ = await with_passkey(server)
    await sign_in(browser)
    assert "data-passkey" in (await browser.get(SECOND)).text
    options = (await server.data(OPTIONS))["passkeyOptions"]["options"]

    assert (await send_form(browser, SECOND, {"credential": device.get(options)})).status_code == 303

    assert await signed_in(browser)


async def test_signing_out_needs_a_form_of_ours(server: RunningServer, browser: httpx.AsyncClient) -> None:
    await server.sign_up()
    await sign_in(browser)
    assert (await browser.get("/account/sign-out")).status_code == 405
    await browser.post("/account/sign-out", headers={"origin": ORIGIN})
    assert await signed_in(browser)

    answer = await send_form(browser, "/account", {}, to="/account/sign-out")

    assert answer.headers["location"] == "/account/sign-in"
    assert "session" not in browser.cookies
    assert await fetch("SELECT 1 FROM sessions WHERE rotate_at IS NOT NULL") == []
    [entry] = await fetch("SELECT action FROM audit_entries ORDER BY id DESC LIMIT 1")
    assert entry["action"] == "SIGNED_OUT"


async def test_pages_suit_password_managers_and_run_one_script_of_ours(
    server: RunningServer, browser: httpx.AsyncClient
) -> None:
    page = await browser.get(SIGN_IN)

    assert 'autocomplete="username webauthn"' in page.text
    assert 'autocomplete="current-password"' in page.text
    assert page.text.count("<script") == 1
    policy = page.headers["content-security-policy"]
    for part in ("default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"):
        assert part in policy
    script = await browser.get("/account/passkeys.js")
    assert script.headers["content-type"].startswith("text/javascript")
    again = await browser.get("/account/passkeys.js", headers={"if-none-match": script.headers["etag"]})
    assert (script.status_code, again.status_code) == (200, 304)
