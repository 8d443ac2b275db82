"""Third-party apps sign people in through the authorization server, as their developers would write them."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Any

import pytest

from app.accounts.clients import register
from app.core.db import fetch
from app.core.viewer import Scope
from tests.conformance.node import Node
from tests.fakes.browsing import visit
from tests.fakes.server import RunningServer
from tests.faults.processes import free_port

HERE = Path(__file__).parent
SCOPES = (Scope.PROFILE, Scope.GENERATIONS_READ, Scope.GENERATIONS_WRITE)
Line = dict[str, Any]


@pytest.fixture
def environment(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A service that is where it says that it is."""
    monkeypatch.setenv("ANYPEOPLE_PORT", str(free_port()))
    monkeypatch.setenv("ANYPEOPLE_PUBLIC_URL", "")
    return environment


async def lines_of(*command: str) -> list[Line]:
    """Run an app to its end, with a person at the browser that it opens; return what it prints."""
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE)
    lines: list[Line] = []
    try:
        async with asyncio.timeout(60):
            assert process.stdout is not None
            assert process.stderr is not None
            async for printed in process.stdout:
                line = json.loads(printed)
                if "open" in line:
                    assert (await visit(line["open"])).status_code == 200
                else:
                    lines.append(line)
            complaints = (await process.stderr.read()).decode()
            assert await process.wait() == 0, complaints
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return lines


@pytest.mark.parametrize("app", ["app.ts", "app.py"])
async def test_an_app_signs_in_asks_follows_refreshes_and_gives_back(
    server: RunningServer, node: Node, app: str
) -> None:
    await server.sign_up()
    client = await register("An app", ["http://127.0.0.1/signed-in"], SCOPES)
    program = node.program if app.endswith(".ts") else sys.executable

    lines = await lines_of(program, str(HERE / app), server.address, str(client.id))

    told = {name: value for line in lines for name, value in line.items()}
    assert set(told["scope"].split()) == {scope.value for scope in SCOPES}
    assert told["viewer"] == {"displayName": "Ada"}
    assert told["outside"] == {"message": "The app lacks the scope `profile:email`.", "code": "FORBIDDEN"}
    events = [line["event"] for line in lines if "event" in line]
    assert (events[0], events[-1]) == ("SNAPSHOT", "SUCCEEDED")
    assert told["refreshed"] == {"viewer": {"displayName": "Ada"}}
    assert told["reused"] == told["successor"] == {"refused": "invalid_grant", "status": 400}
    assert told["ended"].get("status") == 401 or told["ended"]["code"] == "UNAUTHENTICATED"
    assert (told["closed"], told["opened"]) == (4403, 1)
    assert told["seconds"] < 5
    assert told["done"]
    reused = await fetch("SELECT 1 FROM audit_entries WHERE action = 'APP_TOKEN_REUSED'")
    assert len(reused) == 1
    assert await fetch("SELECT 1 FROM app_grants") == []


async def test_the_typescript_is_typed(node: Node) -> None:
    assert await node.output("node_modules/typescript/bin/tsc", "--project", str(HERE)) == ""
