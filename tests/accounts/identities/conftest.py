"""A service that offers Google and GitHub, and a person in front of a browser."""

from collections.abc import AsyncGenerator

import httpx
import pytest

from app.core.config import Settings
from app.processors.fetcher import Fetcher, Origin
from tests.fakes.browsing import browsing
from tests.fakes.github import FakeGitHub, running_github
from tests.fakes.openid import FakeOpenID, running_openid
from tests.fakes.server import RunningServer
from tests.fakes.visiting import Visitor, surroundings


@pytest.fixture
async def openid() -> AsyncGenerator[FakeOpenID, None]:
    async with running_openid() as fake:
        yield fake


@pytest.fixture
async def github() -> AsyncGenerator[FakeGitHub, None]:
    async with running_github() as fake:
        yield fake


@pytest.fixture
async def settings(
    environment: dict[str, str], openid: FakeOpenID, github: FakeGitHub, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    for name, value in surroundings(openid, github).items():
        monkeypatch.setenv(name, value)
    return Settings.load()


@pytest.fixture
async def fetcher(openid: FakeOpenID) -> Fetcher:
    return Fetcher(max_bytes=10**6, timeout=5, trusted=Origin.of(httpx.URL(openid.address)))


@pytest.fixture
async def visitor(server: RunningServer) -> AsyncGenerator[Visitor, None]:
    async with browsing(server) as browser:
        yield Visitor(server, browser)
