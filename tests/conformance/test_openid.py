"""Signing in against providers by others: npm `oidc-provider`, which is certified, and PyPI `oidc-provider-mock`."""

import asyncio
import os
import re
import socket
import sys
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import httpx
import pytest

from app.core.config import Settings
from app.core.db import execute
from tests.conformance.missing import skip_or_fail
from tests.conformance.node import Node, NoNode, node_for
from tests.fakes.browsing import ORIGIN, asking, browsing
from tests.fakes.github import FakeGitHub
from tests.fakes.openid import CLIENT_ID, CLIENT_SECRET, FakeOpenID
from tests.fakes.server import RunningServer, web_client
from tests.fakes.visiting import ENROL, Visitor, nothing_came_to_be, surroundings
from tests.fakes.waiting import until

REDIRECT = f"{ORIGIN}/account/with/google/callback"
STEPS = 12
"""Pages and redirects from our button back to us."""
FORM = re.compile(r'<form[^>]* action="([^"]+)"')
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Driver:
    """A person at the provider: signs in there, and agrees. Has a browser of its own for that site."""

    address: str
    elsewhere: httpx.AsyncClient
    fields: Mapping[str, str]
    """What they type, wherever it is asked for."""

    async def answer(self, url: str) -> str:
        """Follow a redirect of ours to its end, and return the path that the browser is sent back to."""
        response = await self.elsewhere.get(url)
        for _ in range(STEPS):
            if response.is_redirect:
                to = urljoin(str(response.url), response.headers["location"])
                if to.startswith(ORIGIN):
                    parts = urlsplit(to)
                    return f"{parts.path}?{parts.query}"
                response = await self.elsewhere.get(to)
                continue
            assert response.status_code == 200, response.text
            found = FORM.search(response.text)
            to = urljoin(str(response.url), found[1] if found else "")
            response = await self.elsewhere.post(to, data={**self.fields, **dict(HIDDEN.findall(response.text))})
        raise AssertionError(f"no way back after {STEPS} steps: {response.text}")


@asynccontextmanager
async def _driver(address: str, **fields: str) -> AsyncGenerator[Driver, None]:
    async with web_client() as elsewhere:
        yield Driver(address, elsewhere, fields)


@pytest.fixture(scope="session")
def openid_node(pytestconfig: pytest.Config) -> Node:
    """Node with the certified provider."""
    try:
        return node_for(Path(__file__).parent / "openid")
    except NoNode as error:
        skip_or_fail(pytestconfig, "signing in against npm's oidc-provider", str(error))


@asynccontextmanager
async def certified(node: Node) -> AsyncGenerator[Driver, None]:
    """Run npm's `oidc-provider`."""
    async with node.running("provider.mjs", CLIENT_ID, CLIENT_SECRET, REDIRECT) as process:
        assert process.stdout is not None
        address = (await asyncio.wait_for(process.stdout.readline(), 20)).decode().strip()
        async with _driver(address, login="ada", password="x") as driver:
            yield driver


@asynccontextmanager
async def mock() -> AsyncGenerator[Driver, None]:
    """Run PyPI's `oidc-provider-mock`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    arguments = ("-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port))
    person = '{"sub": "ada", "email": "ada@example.com", "email_verified": true, "name": "Ada"}'
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, "--require-nonce", "true", "--user-claims", person,
        stdout=DEVNULL, stderr=DEVNULL, env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
    try:
        async with _driver(f"http://127.0.0.1:{port}", sub="ada") as driver:

            async def answers() -> bool:
                try:
                    return (await driver.elsewhere.get(driver.address)).is_success
                except httpx.TransportError:
                    return False

            await until(answers, within=30)
            yield driver
    finally:
        process.kill()
        await process.wait()


@pytest.fixture(params=["oidc-provider", "oidc-provider-mock"])
async def driver(request: pytest.FixtureRequest, openid_node: Node) -> AsyncGenerator[Driver, None]:
    async with certified(openid_node) if request.param == "oidc-provider" else mock() as made:
        yield made


@pytest.fixture
async def settings(environment: dict[str, str], driver: Driver, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in surroundings(FakeOpenID(address=driver.address), FakeGitHub(address=driver.address)).items():
        monkeypatch.setenv(name, value)
    return Settings.load()


@pytest.fixture
async def visitor(server: RunningServer) -> AsyncGenerator[Visitor, None]:
    async with browsing(server) as browser:
        yield Visitor(server, browser)


async def test_a_stranger_gets_an_account_and_is_known_the_next_time(visitor: Visitor, driver: Driver) -> None:
    left = await visitor.press("google")
    came = await visitor.browser.get(await driver.answer(left.headers["location"]))
    assert came.headers["location"] == "/account/with/google/join", came.text
    joined = await visitor.send_join(displayName="Ada")
    assert joined.headers["location"] == "/account"
    first = await visitor.viewer()
    assert first is not None
    assert (first["email"], first["emailConfirmed"]) == ("ada@example.com", True)

    visitor.browser.cookies.clear()
    left = await visitor.press("google")
    back = await visitor.browser.get(await driver.answer(left.headers["location"]))

    assert back.headers["location"] == "/account", back.text
    found = await visitor.viewer()
    assert found is not None
    assert found["id"] == first["id"]


async def test_a_proof_anew_opens_ten_minutes(visitor: Visitor, driver: Driver) -> None:
    left = await visitor.press("google")
    await visitor.browser.get(await driver.answer(left.headers["location"]))
    await visitor.send_join(displayName="Ada")
    await execute("UPDATE sessions SET authenticated_at = now() - interval '1 hour'")
    asked = (await asking(visitor.browser, ENROL)).json()["data"]["enrolTotp"]
    assert [error["code"] for error in asked["errors"]] == ["STEP_UP_REQUIRED"]

    left = await visitor.press("google", "prove", at="/account")
    back = await visitor.browser.get(await driver.answer(left.headers["location"]))

    assert back.headers["location"] == "/account", back.text
    assert (await asking(visitor.browser, ENROL)).json()["data"]["enrolTotp"]["errors"] == []


CHANGED = {"state": "x" * 43, "code": "x", "iss": "https://accounts.example"}


@pytest.mark.parametrize("name", CHANGED)
async def test_an_answer_that_was_changed_opens_nothing(visitor: Visitor, driver: Driver, name: str) -> None:
    left = await visitor.press("google")
    back = urlsplit(await driver.answer(left.headers["location"]))
    given = {**dict(parse_qsl(back.query)), name: CHANGED[name]}

    answer = await visitor.browser.get(f"{back.path}?{urlencode(given)}")

    assert answer.status_code in {400, 422}
    assert await nothing_came_to_be()


async def test_a_code_works_once(visitor: Visitor, driver: Driver) -> None:
    left = await visitor.press("google")
    cookies, back = httpx.Cookies(visitor.browser.cookies), await driver.answer(left.headers["location"])
    assert (await visitor.browser.get(back)).status_code == 303
    visitor.browser.cookies.clear()
    visitor.browser.cookies.update(cookies)

    assert (await visitor.browser.get(back)).status_code == 422
    assert await nothing_came_to_be()


async def test_the_certified_provider_holds_us_to_redirect_and_challenge(openid_node: Node) -> None:
    async with certified(openid_node) as driver:
        address = f"{driver.address}/auth"
        asked = {
            "response_type": "code",
            "client_id": CLIENT_ID,
            "scope": "openid",
            "state": "s",
            "redirect_uri": f"{REDIRECT}/more",
        }
        bent = await driver.elsewhere.get(address, params=asked)
        assert bent.status_code == 400
        assert "redirect_uri" in bent.text
        bare = await driver.elsewhere.get(address, params={**asked, "redirect_uri": REDIRECT})
        assert "error=invalid_request" in bare.headers["location"]
        assert "PKCE" in bare.headers["location"]
