"""The page where a person lets an app in: what it says, who decides, and that nobody else does it for them."""

from collections.abc import AsyncGenerator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from app.accounts.clients import Client, register
from app.core.db import execute, fetch
from app.core.viewer import IN_WORDS, Scope
from tests.accounts.test_authorization import ADA, BACK, ISSUER, OTHER_BACK, PASSWORD, answer_of, question
from tests.fakes.browsing import ORIGIN, PROOF, browsing, let_in, send_form, sign_in
from tests.fakes.server import RunningServer


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


async def test_the_page_says_what_is_asked_and_lets_nobody_frame_it(
    session: str, browser: httpx.AsyncClient, client: Client
) -> None:
    await sign_in(browser)

    page = await browser.get("/oauth/authorize", params=question(client))

    assert page.status_code == 200
    assert "You are signed in as Ada (ada@example.com)." in page.text
    for scope in (Scope.PROFILE, Scope.GENERATIONS_READ):
        assert IN_WORDS[scope] in page.text
    assert "A &lt;b&gt;Studio&lt;/b&gt;" in page.text
    assert "<script" not in page.text
    policy = page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'none'" in policy
    assert "form-action 'self' https://app.example" in policy
    assert page.headers["x-frame-options"] == "DENY"
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    for cookie in page.headers.get_list("set-cookie"):
        assert {"HttpOnly", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}


async def test_who_is_not_signed_in_signs_in_and_comes_back_to_the_question(
    session: str, browser: httpx.AsyncClient, client: Client
) -> None:
    asked = question(client)
    for method in ("GET", "POST"):
        page = await browser.request(method, "/oauth/authorize", params=asked, data={"decision": "allow"})
        assert page.status_code == 303
        target = urlsplit(page.headers["location"])
        assert (target.netloc, target.path) == ("", "/account/sign-in")
    assert await fetch("SELECT 1 FROM app_grants") == []

    signed_in = await browser.get(page.headers["location"])
    assert 'autocomplete="current-password"' in signed_in.text
    back = await send_form(
        browser, "/account/sign-in", {"email": ADA, "password": PASSWORD}, parse_qs(target.query, strict_parsing=True)
    )

    assert dict(httpx.URL(back.headers["location"]).params) == asked
    shown = await browser.get(back.headers["location"])
    assert "Use another account" in shown.text
    assert back.headers["location"].partition("?")[0] == "/oauth/authorize"


NEVER_REDIRECTED = {
    "no app": {"client_id": "none"},
    "no id": {"client_id": None},
    "another app": {"client_id": "00000000-0000-7000-8000-000000000000"},
    "no redirect": {"redirect_uri": None},
    "another site": {"redirect_uri": "https://eve.example/back"},
    "another path": {"redirect_uri": BACK + "/more"},
    "a query": {"redirect_uri": BACK + "?x=1"},
    "a fragment": {"redirect_uri": BACK + "#x"},
    "upper case": {"redirect_uri": "https://APP.example/back"},
    "user info": {"redirect_uri": "https://app.example@eve.example/back"},
    "both of them": {"redirect_uri": f"{BACK} {OTHER_BACK}"},
    "a script": {"redirect_uri": "javascript:alert(1)"},
}


@pytest.mark.parametrize("more", NEVER_REDIRECTED.values(), ids=NEVER_REDIRECTED)
async def test_nobody_is_sent_where_no_app_is_registered(
    session: str, browser: httpx.AsyncClient, client: Client, more: dict[str, str | None]
) -> None:
    for method in ("GET", "POST"):
        answer = await browser.request(method, "/oauth/authorize", params=question(client, **more))
        assert answer.status_code == 400
        assert "location" not in answer.headers
        assert '<form method="post">' not in answer.text, "no question"


async def test_a_redirect_that_is_there_twice_leads_nowhere(
    session: str, browser: httpx.AsyncClient, client: Client
) -> None:
    asked = httpx.QueryParams([*question(client).items(), ("redirect_uri", "https://eve.example/back")])

    answer = await browser.get("/oauth/authorize", params=asked)

    assert (answer.status_code, "location" in answer.headers) == (400, False)


REFUSED = {
    "another response": ({"response_type": "token"}, "unsupported_response_type"),
    "no response": ({"response_type": None}, "unsupported_response_type"),
    "plain": ({"code_challenge_method": "plain"}, "invalid_request"),
    "no method": ({"code_challenge_method": None}, "invalid_request"),
    "no challenge": ({"code_challenge": None}, "invalid_request"),
    "a short challenge": ({"code_challenge": "a" * 42}, "invalid_request"),
    "no scope": ({"scope": None}, "invalid_scope"),
    "an unknown scope": ({"scope": "profile everything"}, "invalid_scope"),
    "a scope that the app may not ask": ({"scope": "profile generations:write"}, "invalid_scope"),
}


@pytest.mark.parametrize(("more", "error"), REFUSED.values(), ids=REFUSED)
async def test_what_an_app_asks_wrongly_comes_back_to_it(
    session: str, browser: httpx.AsyncClient, client: Client, more: dict[str, str | None], error: str
) -> None:
    answer = answer_of(await browser.get("/oauth/authorize", params=question(client, **more)))

    assert (answer["error"], answer["state"], answer["iss"]) == (error, "s & é", ISSUER)
    assert await fetch("SELECT 1 FROM app_grants") == []


async def test_who_denies_lets_nothing_in_and_proves_nothing(
    session: str, browser: httpx.AsyncClient, client: Client
) -> None:
    await sign_in(browser)
    await execute("UPDATE sessions SET authenticated_at = now() - interval '11 minutes'")

    answer = answer_of(await let_in(browser, question(client), "deny"))

    assert (answer["error"], answer["state"]) == ("access_denied", "s & é")
    assert await fetch("SELECT 1 FROM app_grants") == []


async def test_a_wrong_password_and_a_suspension_let_nothing_in(
    session: str, browser: httpx.AsyncClient, client: Client
) -> None:
    asked = question(client)
    wrong = await sign_in(browser, password="another horse battery")
    after_wrong = await browser.get("/oauth/authorize", params=asked)
    await sign_in(browser)
    form = {"csrf": PROOF.findall((await browser.get("/oauth/authorize", params=asked)).text)[0], "decision": "allow"}
    await execute("UPDATE users SET status = 'SUSPENDED'")
    suspended = await browser.post("/oauth/authorize", params=asked, data=form)

    assert wrong.status_code == 422
    assert 'role="alert"' in wrong.text
    assert "another horse battery" not in wrong.text
    for answer in (after_wrong, suspended):
        assert answer.headers["location"].startswith("/account/sign-in?")
    assert await fetch("SELECT 1 FROM app_grants") == []


async def test_an_old_session_proves_itself_before_it_lets_an_app_in(
    session: str, browser: httpx.AsyncClient, client: Client
) -> None:
    asked = question(client)
    await sign_in(browser)
    await execute("UPDATE sessions SET authenticated_at = now() - interval '11 minutes'")

    refused = await let_in(browser, asked)

    target = urlsplit(refused.headers["location"])
    assert (refused.status_code, target.netloc, target.path) == (303, "", "/account/prove")
    assert await fetch("SELECT 1 FROM app_grants") == []
    to = parse_qs(target.query)
    wrong = await send_form(browser, "/account/prove", {"password": "another horse battery"}, to)
    assert wrong.status_code == 422
    assert (await let_in(browser, asked)).headers["location"].startswith("/account/prove?")
    proved = await send_form(browser, "/account/prove", {"password": PASSWORD}, to)
    assert dict(httpx.URL(proved.headers["location"]).params) == asked
    assert "code" in answer_of(await let_in(browser, asked))


FORGED: dict[str, dict[str, str]] = {
    "a stranger's page": {"origin": "https://evil.example"},
    "the app's page": {"origin": "https://app.example"},
    "a sandboxed page": {"origin": "null", "sec-fetch-site": "cross-site"},
    "the same site": {"sec-fetch-site": "same-site"},
}


@pytest.mark.parametrize("headers", FORGED.values(), ids=FORGED)
async def test_a_decision_that_another_page_sends_does_nothing(
    session: str, browser: httpx.AsyncClient, client: Client, headers: dict[str, str]
) -> None:
    asked = question(client)
    await sign_in(browser)
    proof = PROOF.findall((await browser.get("/oauth/authorize", params=asked)).text)[0]
    for decision in ("allow", "deny"):
        form = {"csrf": proof, "decision": decision}
        answer = await browser.post("/oauth/authorize", params=asked, data=form, headers=headers)
        assert (answer.status_code, "location" in answer.headers) == (422, False)
    assert await fetch("SELECT 1 FROM app_grants") == []


async def test_a_decision_is_for_one_browser_one_session_and_one_question(
    server: RunningServer, session: str, browser: httpx.AsyncClient, client: Client
) -> None:
    asked, narrower = question(client), question(client, scope="profile")
    await server.sign_up("eve")
    await sign_in(browser)
    async with browsing(server) as other:
        await sign_in(other)
        others = PROOF.findall((await other.get("/oauth/authorize", params=asked)).text)[0]
    of_another_question = PROOF.findall((await browser.get("/oauth/authorize", params=narrower)).text)[0]
    of_an_earlier_session = PROOF.findall((await browser.get("/oauth/authorize", params=asked)).text)[0]
    of_signing_in = PROOF.findall((await browser.get("/account/sign-in")).text)[0]
    await sign_in(browser, "eve@example.com")

    for proof in (others, of_another_question, of_an_earlier_session, of_signing_in, "", "é"):
        form = {"csrf": proof, "decision": "allow"}
        answer = await browser.post("/oauth/authorize", params=asked, data=form, headers={"origin": ORIGIN})
        assert answer.status_code == 422, proof
        assert "location" not in answer.headers
    assert await fetch("SELECT 1 FROM app_grants") == []
