"""Signing in in a real browser: passwords, an authenticator app, passkeys of a virtual authenticator, a fresh proof."""

import asyncio
import json
import os
from pathlib import Path

import httpx
import pytest

from app.accounts.clients import register
from app.core.db import execute, fetch
from app.core.viewer import Scope
from app.generation.engines.registry import Engines
from tests.accounts.test_authorization import question
from tests.browser.test_graphiql import own_only
from tests.conformance.node import Node
from tests.fakes.browsing import ADA, PASSWORD
from tests.fakes.mail import FakeMailer
from tests.fakes.people import POLICY_VERSION
from tests.fakes.ports import free_port
from tests.fakes.production import in_production
from tests.fakes.server import SIGN_UP, RunningServer
from tests.fakes.waiting import until
from workers.runner import Runner

ACCOUNT = {
    "email": ADA,
    "password": PASSWORD,
    "displayName": "Ada",
    "adult": True,
    "policyVersion": POLICY_VERSION,
}


@pytest.fixture
def environment(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A service at `http://localhost`, where browsers allow passkeys."""
    port = free_port()
    monkeypatch.setenv("ANYPEOPLE_PORT", str(port))
    monkeypatch.setenv("ANYPEOPLE_PUBLIC_URL", f"http://localhost:{port}")
    return environment


async def test_passkeys_and_authenticator_apps_work_through_the_pages(
    server: RunningServer, browser: Node, mailer: FakeMailer, tmp_path: Path
) -> None:
    await server.data(SIGN_UP, {"input": ACCOUNT})
    await server.queue.settle()
    address = server.address.replace("127.0.0.1", "localhost")
    link = f"{address}/account/confirm?token={mailer.token(ADA)}"
    pictures = os.environ.get("SCREENSHOTS", str(tmp_path))

    async with browser.running("accounts.mjs", address, link, ADA, PASSWORD, pictures) as process:
        async with asyncio.timeout(100):
            ageing = asyncio.create_task(grow_old_once_signed_in_by_passkey())
            printed, complaints = await process.communicate()
            ageing.cancel()
    assert process.returncode == 0, complaints.decode()
    seen = json.loads(printed)

    assert seen["complaints"] == []
    own_only(seen["requests"], address)
    assert "the password alone opens your account" in seen["without"]
    assert len(set(seen["codes"])) == 10
    assert "session" not in seen["cookiesAfterSigningOut"]
    assert seen["signedInByPassword"] is None
    assert seen["withPasskey"] == {"displayName": "Ada"}
    assert seen["asked"] == "/account/prove"
    assert len(set(seen["newCodes"]) - set(seen["codes"])) == 10
    assert len(await fetch("SELECT 1 FROM passkeys WHERE name = 'Laptop' AND last_used_at IS NOT NULL")) == 1
    assert len(await fetch("SELECT 1 FROM totps WHERE last_used_at IS NOT NULL")) == 1
    assert len(await fetch("SELECT 1 FROM audit_entries WHERE action = 'REAUTHENTICATED'")) == 1


async def grow_old_once_signed_in_by_passkey() -> None:
    """Make the third session old: by password, by password and code, by passkey."""

    async def third() -> bool:
        return len(await fetch("SELECT 1 FROM audit_entries WHERE action = 'SIGNED_IN'")) == 3

    await until(third, within=90)
    await execute("UPDATE sessions SET authenticated_at = now() - interval '11 minutes'")


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_who_allows_an_app_is_led_back_to_it(
    server: RunningServer, browser: Node, tmp_path: Path, host: str
) -> None:
    """Chromium holds redirects of forms to the page's `form-action`."""
    await server.sign_up()
    port = free_port()
    back = f"http://[::1]:{port}/back" if ":" in host else f"http://{host}:{port}/back"
    client = await register("Studio", [back], [Scope.PROFILE, Scope.GENERATIONS_READ])
    asked = httpx.QueryParams(question(client, redirect_uri=back))
    address = server.address.replace("127.0.0.1", "localhost")

    picture = str(tmp_path / "consent.png")
    printed = await browser.output(
        "consent.mjs", f"{address}/oauth/authorize?{asked}", host, str(port), ADA, PASSWORD, picture
    )

    seen = json.loads(printed)
    assert seen["complaints"] == []
    assert (seen["answer"]["state"], seen["answer"]["iss"]) == ("s & é", address)
    assert seen["answer"]["code"].startswith("anyp_o_")
    assert {url.partition("?")[0] for url in seen["requests"] if not url.startswith(address)} <= {
        back, back.replace("/back", "/favicon.ico"), "data:,",
    }  # fmt: skip


@pytest.mark.usefixtures("database")
async def test_staff_use_graphiql_in_production_as_themselves(
    engines: Engines,
    runner: Runner,
    browser: Node,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with in_production(engines, runner, tmp_path, monkeypatch) as (server, address):
        token = await server.sign_up()
        await execute("UPDATE users SET role = 'SUPPORT'")
        made = (await server.create(token))["generation"]["id"]
        await server.queue.settle()
        picture = os.path.join(os.environ.get("SCREENSHOTS", str(tmp_path)), "staff.png")
        async with browser.running("staff.mjs", address, ADA, PASSWORD, made, picture) as process:
            async with asyncio.timeout(60):
                printed, complaints = await process.communicate()
    assert process.returncode == 0, complaints.decode()
    seen = json.loads(printed)

    assert seen["complaints"] == []
    own_only(seen["requests"], address)
    assert seen["askedAt"] == "/account/sign-in"
    assert '"displayName": "Ada"' in seen["query"].replace("\xa0", " ")
    assert (seen["inits"], seen["authorized"]) == ([{"type": "connection_init", "payload": {}}], [])
    [session] = [cookie for cookie in seen["cookies"] if cookie["name"] == "__Host-session"]
    assert session == {"name": "__Host-session", "secure": True, "httpOnly": True, "sameSite": "Lax"}
