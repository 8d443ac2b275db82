"""The choice about cookies in a real browser, and what axe-core finds on our pages."""

import asyncio
import json
import os
from pathlib import Path

import pytest

from app.core.db import fetch
from tests.browser.test_identities import openid, settings
from tests.conformance.node import Node
from tests.fakes.browsing import PASSWORD
from tests.fakes.openid import FakeOpenID
from tests.fakes.people import POLICY_VERSION
from tests.fakes.server import RunningServer

__all__ = ["openid", "settings"]
NECESSARY = {"session", "challenge", "browser", "question", "arrival", "choice"}


@pytest.mark.usefixtures("settings")
async def test_nothing_before_a_yes_and_no_page_keeps_anybody_out(
    server: RunningServer, browser: Node, openid: FakeOpenID, tmp_path: Path
) -> None:
    await server.sign_up("grace")
    pictures = os.environ.get("SCREENSHOTS", str(tmp_path))
    address = server.address.replace("127.0.0.1", "localhost")
    async with browser.running(
        "cookies.mjs", address, "grace@example.com", PASSWORD, pictures, POLICY_VERSION
    ) as process:
        async with asyncio.timeout(110):
            printed, complaints = await process.communicate()
    assert process.returncode == 0, complaints.decode()
    seen = json.loads(printed)

    assert seen["violations"] == [], "\n".join(seen["violations"])
    assert [each for each in seen["complaints"] if "400" not in each] == []  # Chromium notes a refusal's status
    assert [each for each in seen["requests"] if not each.startswith((address, openid.address, "data:", "ws:"))] == []
    assert len(seen["firstVisit"]) == 19
    assert all(set(names) <= {"browser"} for names in seen["firstVisit"].values()), seen["firstVisit"]
    for refuse, accept in seen["looks"].values():
        assert refuse == accept
    assert (seen["backAt"], seen["askedAgain"]) == ("/account/forgot", 0)
    assert seen["refused"][0] == ["browser", "choice"]
    assert seen["refused"][1].startswith("preference=0&analytics=0&gpc=0&")
    assert seen["accepted"][0] == ["browser", "choice", "visited"]
    assert seen["accepted"][1].startswith("preference=1&analytics=1&gpc=0&")
    assert (seen["scheme"], seen["darkElsewhere"]) == (["light dark", "dark"], 1)
    assert seen["takenBack"] == ["browser", "choice"]
    assert (seen["ticked"], seen["byItself"][0]) == (0, ["browser", "choice", "visited"])
    assert seen["byItself"][1].startswith("preference=0&analytics=1&gpc=0&")
    assert "Global Privacy Control" in seen["saysSo"]
    assert seen["withSignal"][0] == ["browser", "choice"]
    assert seen["withSignal"][1].startswith("preference=1&analytics=0&gpc=1&")
    assert seen["joinAt"] == "/account/with/google/join"
    assert set(seen["signedIn"]) <= NECESSARY | {"visited"}
    assert len(await fetch("SELECT 1 FROM consent_records WHERE method = 'COOKIE_CHOICE' AND granted")) == 2
