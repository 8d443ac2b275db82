"""The page where apps are let in asks for the second factor too, and bounds guessing like every other sign-in."""

from collections.abc import AsyncGenerator

import httpx
import pytest

from app.accounts.clients import register
from app.core.db import fetch
from app.core.limits import LIMITS, Doing, Per
from app.core.viewer import Scope
from tests.accounts.test_authorization import BACK, answer_of, decide, question
from tests.accounts.test_second_factors import protected
from tests.fakes.server import RunningServer


@pytest.fixture
async def browser(server: RunningServer) -> AsyncGenerator[httpx.AsyncClient, None]:
    """A person's, which keeps cookies."""
    async with httpx.AsyncClient(base_url=server.address, trust_env=False, timeout=20) as made:
        yield made


async def test_the_password_alone_lets_no_app_in(server: RunningServer, browser: httpx.AsyncClient) -> None:
    _, app, codes = await protected(server)
    client = await register("Studio", [BACK], [Scope.PROFILE, Scope.GENERATIONS_READ])

    for form in ({}, {"code": app.code(10)}):
        refused = await decide(browser, question(client), **form)
        assert refused.status_code == 422
        assert 'role="alert"' in refused.text
    assert await fetch("SELECT 1 FROM app_grants") == []

    assert "code" in answer_of(await decide(browser, question(client), code=await app.next_code()))
    assert "code" in answer_of(await decide(browser, question(client), code=codes[0]))


async def test_guessing_on_the_page_is_limited(server: RunningServer, browser: httpx.AsyncClient) -> None:
    await server.sign_up()
    client = await register("Studio", [BACK], [Scope.PROFILE, Scope.GENERATIONS_READ])
    [amount] = [limit.amount for limit in LIMITS[Doing.SIGN_IN] if limit.per is Per.TARGET]

    texts = [(await decide(browser, question(client), password="a wrong guess here")).text for _ in range(amount + 1)]

    assert "Too many tries" in texts[-1]
    assert not [text for text in texts[:-1] if "Too many tries" in text]
