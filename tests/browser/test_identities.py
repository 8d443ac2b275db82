"""Signing in with others in a real browser: our forms may lead there, our cookies come back from there."""

import asyncio
import json
import os
import socket
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from app.core.config import Settings
from app.core.db import fetch
from tests.conformance.node import Node
from tests.fakes.github import FakeGitHub
from tests.fakes.openid import FakeOpenID, running_openid
from tests.fakes.server import RunningServer
from tests.fakes.visiting import surroundings


@pytest.fixture
async def openid() -> AsyncGenerator[FakeOpenID, None]:
    async with running_openid() as fake:
        yield fake


@pytest.fixture
async def settings(environment: dict[str, str], openid: FakeOpenID, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A service at `http://localhost`, which is another site than the provider's `http://127.0.0.1`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    openid.redirect = f"http://localhost:{port}/account/with/google/callback"
    places = {"ANYPEOPLE_PORT": str(port), "ANYPEOPLE_PUBLIC_URL": f"http://localhost:{port}"}
    for name, value in {**places, **surroundings(openid, FakeGitHub(address=openid.address))}.items():
        monkeypatch.setenv(name, value)
    return Settings.load()


async def test_a_stranger_joins_by_a_provider_comes_back_and_keeps_the_last_way_in(
    server: RunningServer, browser: Node, openid: FakeOpenID, tmp_path: Path
) -> None:
    pictures = os.environ.get("SCREENSHOTS", str(tmp_path))
    address = server.address.replace("127.0.0.1", "localhost")
    async with browser.running("identities.mjs", address, pictures) as process:
        async with asyncio.timeout(100):
            printed, complaints = await process.communicate()
    assert process.returncode == 0, complaints.decode()
    seen = json.loads(printed)

    assert [each for each in seen["complaints"] if "422" not in each] == []  # Chromium notes the refusal's status
    assert (seen["proposed"], seen["stayed"]) == ("Ada L.", "/account/with/google/join")
    assert "set a password first" in seen["refused"]
    assert sorted(seen["cookies"]) == ["browser", "session"]
    places = (address, openid.address, address.replace("http", "ws"))
    assert {url for url in seen["requests"] if not url.startswith(places)} <= {"data:,"}
    assert [asked.get("max_age") for asked in openid.questions] == [None, None, "0"]
    assert len(await fetch("SELECT id FROM users")) == len(await fetch("SELECT id FROM identities")) == 1
