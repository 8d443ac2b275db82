"""Where apps are let in the second factor is asked for too, and guessing is bounded like at every other sign-in."""

from collections.abc import AsyncGenerator

import httpx
import pytest

from app.accounts.clients import register
from app.core.db import execute, fetch
from app.core.limits import LIMITS, Doing, Per
from app.core.viewer import Scope
from tests.accounts.test_authorization import BACK, answer_of, question
from tests.accounts.test_second_factors import protected
from tests.fakes.browsing import browsing, let_in, send_form, sign_in
from tests.fakes.server import RunningServer


@pytest.fixture
async def browser(server: RunningServer) -> AsyncGenerator[httpx.AsyncClient, None]:
    """A person's, which keeps cookies."""
    async with browsing(server) as made:
        yield made


async def test_the_password_alone_lets_no_app_in(server: RunningServer, browser: httpx.AsyncClient) -> None:
    _, app, codes = await protected(server)
    asked = question(await register("Studio", [BACK], [Scope.PROFILE, Scope.GENERATIONS_READ]))

    for code in (None, app.code(10)):
        await sign_in(browser)
        if code:
            assert (await send_form(browser, "/account/second-factor", {"code": code})).status_code == 422
        refused = await browser.get("/oauth/authorize", params=asked)
        assert refused.headers["location"].startswith("/account/sign-in?")
    assert await fetch("SELECT 1 FROM app_grants") == []

    for code in (await app.next_code(), codes[0]):
        browser.cookies.clear()
        await sign_in(browser)
        assert (await send_form(browser, "/account/second-factor", {"code": code})).status_code == 303
        assert "code" in answer_of(await let_in(browser, asked))


async def test_an_old_session_needs_the_second_factor_and_not_the_password(
    server: RunningServer, browser: httpx.AsyncClient
) -> None:
    _, app, codes = await protected(server)
    asked = question(await register("Studio", [BACK], [Scope.PROFILE, Scope.GENERATIONS_READ]))
    await sign_in(browser)
    await send_form(browser, "/account/second-factor", {"code": codes[0]})
    await execute("UPDATE sessions SET authenticated_at = now() - interval '11 minutes'")

    password = await send_form(browser, "/account/prove", {"password": "correct horse battery"})

    assert (password.status_code, 'autocomplete="one-time-code"' in password.text) == (422, True)
    assert (await let_in(browser, asked)).headers["location"].startswith("/account/prove?")
    assert await fetch("SELECT 1 FROM app_grants") == []
    assert (await send_form(browser, "/account/prove", {"code": await app.next_code()})).status_code == 303
    assert "code" in answer_of(await let_in(browser, asked))


async def test_guessing_on_the_way_to_an_app_is_limited(server: RunningServer, browser: httpx.AsyncClient) -> None:
    await server.sign_up()
    [amount] = [limit.amount for limit in LIMITS[Doing.SIGN_IN] if limit.per is Per.TARGET]

    texts = [(await sign_in(browser, password="a wrong guess here")).text for _ in range(amount + 1)]

    assert "Too many tries" in texts[-1]
    assert not [text for text in texts[:-1] if "Too many tries" in text]
