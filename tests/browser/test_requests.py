"""A privacy request without an account in a real browser: with the keyboard, on a narrow screen, looked at by axe."""

import asyncio
import json
import os
from pathlib import Path

from app.core.db import fetch
from tests.conformance.node import Node
from tests.fakes.mail import FakeMailer
from tests.fakes.server import Json, RunningServer

EVE = "eve@example.org"


async def drive(browser: Node, *arguments: str) -> Json:
    """Run the script; return what it saw."""
    async with browser.running("requests.mjs", *arguments) as process, asyncio.timeout(100):
        printed, complaints = await process.communicate()
    assert process.returncode == 0, complaints.decode()
    seen: Json = json.loads(printed)
    assert (seen["violations"], seen["tooWide"], seen["scripts"]) == ([], [], 0)
    return seen


async def test_a_request_is_asked_proved_and_read_by_anybody(
    server: RunningServer, browser: Node, mailer: FakeMailer, tmp_path: Path
) -> None:
    pictures = os.environ.get("SCREENSHOTS", str(tmp_path))
    asked = await drive(browser, "ask", server.address, EVE, pictures)
    assert asked["complaints"] == []
    await server.queue.settle()
    [row] = await fetch("SELECT regime, channel FROM privacy_requests")
    assert (row["regime"], row["channel"]) == ("CCPA", "PAGE")

    link = f"{server.address}/requests/verify?token={mailer.token(EVE)}"
    proved = await drive(browser, "prove", link, "", pictures)
    assert [each for each in proved["complaints"] if "404" not in each] == []  # Chromium notes the status
    assert (proved["referrer"], proved["file"]) == ("", "anypeople-receipt.jwt")
    assert all(each.startswith((server.address, "data:")) for each in proved["requests"])
