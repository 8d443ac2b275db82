"""What browsers are told with every page of ours, and what is at the well-known places."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from app.core.config import Settings
from app.core.db import execute, fetch
from app.core.keys import derive
from app.core.limits import LIMITS, Doing, Per
from app.core.one_time import OneTimeTokens
from app.main import application
from tests.fakes.browsing import sign_in
from tests.fakes.mail import FakeMailer
from tests.fakes.production import be_in_production
from tests.fakes.server import RunningServer

ADA = "ada@example.com"
PAGES = {
    "/",
    "/graphiql",
    "/dev/mail",
    "/dev/mail/{id}",
    "/cookies",
    "/cookies/colours",
    "/account/sign-in",
    "/account/second-factor",
    "/account/prove",
    "/account",
    "/account/privacy",
    "/account/totp",
    "/account/totp/confirm",
    "/account/passkeys",
    "/account/recovery-codes",
    "/account/factors/remove",
    "/account/recovery/stop",
    "/account/sessions/revoke",
    "/account/sessions/revoke-all",
    "/account/apps/revoke",
    "/account/keys/revoke",
    "/account/identities/unlink",
    "/account/confirm",
    "/account/reset",
    "/account/recover",
    "/account/keep",
    "/account/forgot",
    "/account/with/{provider}",
    "/account/with/{provider}/callback",
    "/account/with/{provider}/join",
    "/account/with/{provider}/link",
    "/account/notices/dismiss",
    "/oauth/authorize",
    "/support",
    "/requests",
    "/requests/verify",
    "/requests/status",
    "/requests/archive",
    "/requests/receipt",
    "/privacy",
    "/privacy/versions",
    "/privacy/lists",
    "/privacy/{version}",
    "/privacy/{version}/changes",
    "/terms",
    "/terms/versions",
    "/terms/{version}",
    "/terms/{version}/changes",
    "/unsubscribe/{link}",
}
"""Every route that answers with HTML: one more is looked at, and added here."""
INLINE_STYLES = {"/graphiql"}
"""Monaco writes style elements."""


def faults(headers: Mapping[str, str], *, inline_styles: bool = False) -> list[str]:
    """Name what a page's headers lack."""
    policy = dict(part.strip().partition(" ")[::2] for part in headers.get("content-security-policy", "").split(";"))
    found = [name for name in ("default-src", "base-uri", "frame-ancestors") if policy.get(name) != "'none'"]
    found += ["form-action"] if policy.get("form-action") not in {"'none'", "'self'"} else []
    for name, sources in policy.items():
        loose = {"'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:"} & set(sources.split())
        if loose - ({"'unsafe-inline'"} if inline_styles and name == "style-src" else set()):
            found.append(f"{name} is loose")
    for name, value in (("referrer-policy", "no-referrer"), ("x-content-type-options", "nosniff")):
        if headers.get(name) != value:
            found.append(name)
    if "camera=()" not in headers.get("permissions-policy", ""):
        found.append("permissions-policy")
    return found


async def test_every_page_of_ours_is_strict(server: RunningServer) -> None:
    app = server.server.config.app
    assert isinstance(app, Starlette)
    await server.sign_up()
    await sign_in(server.client)
    pages = set()
    for route in app.routes:
        if not isinstance(route, Route):
            continue
        for method in {"GET", "POST"} & (route.methods or {"GET"}):
            path = route.path.replace("{", "").replace("}", "").replace(":path", "")
            answer = await server.client.request(method, path)
            if answer.headers.get("content-type", "").startswith("text/html"):
                pages.add(route.path)
                assert faults(answer.headers, inline_styles=route.path in INLINE_STYLES) == [], (method, route.path)
    assert pages == PAGES


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("content-security-policy", "", "default-src"),
        ("content-security-policy", "{}; script-src 'unsafe-inline'", "script-src is loose"),
        ("content-security-policy", "{}; img-src *", "img-src is loose"),
        ("content-security-policy", "{}; form-action https://elsewhere.test", "form-action"),
        ("referrer-policy", "origin", "referrer-policy"),
        ("permissions-policy", "", "permissions-policy"),
    ],
)
async def test_a_page_that_is_not_strict_is_noticed(server: RunningServer, name: str, value: str, fault: str) -> None:
    good = dict((await server.client.get("/account/forgot")).headers)
    assert faults(good) == []
    assert fault in faults({**good, name: value.format(good[name])})


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("DELETE", "/account/reset", 405),
        ("PATCH", "/graphql", 405),
        ("POST", "/graphql", 415),
        ("GET", "/images/01a20b03-cb52-745d-a1fd-7ee7c4fbf032/full.webp", 404),
        ("POST", "/oauth/token", 400),
        ("POST", "/account/confirm", 500),
    ],
)
async def test_every_other_answer_is_strict_too(server: RunningServer, method: str, path: str, status: int) -> None:
    """What a browser shows of an error it shows at our address."""
    token = OneTimeTokens(derive(Settings.load().security.key, "one-time-tokens")).token(UUID(int=7))
    await execute("ALTER TABLE tickets RENAME TO hidden")

    answer = await server.client.request(method, path, data={"token": token, "password": "p"})

    assert answer.status_code == status
    policy = answer.headers.get("content-security-policy", "")
    assert {"default-src 'none'", "frame-ancestors 'none'"} <= set(policy.split("; ")) or "sandbox" in policy
    assert answer.headers.get("referrer-policy") == "no-referrer"
    assert answer.headers.get("x-content-type-options") == "nosniff"
    assert "camera=()" in answer.headers.get("permissions-policy", "")
    assert answer.headers.get("x-request-id")
    assert status != 500 or answer.headers["x-request-id"] in answer.text


async def _headers(settings: Settings) -> httpx.Headers:
    transport = httpx.ASGITransport(application(settings))
    async with httpx.AsyncClient(transport=transport, base_url="https://people.test") as client:
        return (await client.get("/healthz")).headers


async def test_production_is_reached_by_https_for_good(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "strict-transport-security" not in await _headers(Settings.load())
    be_in_production(monkeypatch)
    assert (await _headers(Settings.load()))["strict-transport-security"] == "max-age=63072000"


async def test_whoever_finds_a_hole_is_told_whom_to_tell(server: RunningServer, settings: Settings) -> None:
    answer = await server.client.get("/.well-known/security.txt")
    lines = dict(line.split(": ", 1) for line in answer.text.splitlines())

    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert lines["Contact"] == f"mailto:{settings.mail.contact_email}"
    assert lines["Canonical"] == "http://images.test/.well-known/security.txt"
    left = datetime.fromisoformat(lines["Expires"]) - datetime.now(UTC)
    assert timedelta(days=170) < left < timedelta(days=365)


async def test_a_password_manager_finds_the_page_that_sends_a_link(server: RunningServer, mailer: FakeMailer) -> None:
    await server.sign_up("ada")
    await server.queue.settle()
    mailer.letters.clear()
    opened = await server.client.get("/.well-known/change-password", follow_redirects=True)
    assert (opened.status_code, opened.url.path) == (200, "/account/forgot")

    answers = [await server.client.post("/account/forgot", data={"email": e}) for e in (ADA, "nobody@example.com")]
    await server.queue.settle()

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].text == answers[1].text
    assert [letter.subject for letter in mailer.to(ADA)] == ["Choose a new password"]
    assert "/account/reset?token=" in mailer.to(ADA)[0].text


@pytest.fixture
def patient(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow machine counts in Valkey all the same."""
    monkeypatch.setenv("ANYPEOPLE_BUDGET_TIMEOUT", "10")


@pytest.mark.usefixtures("patient")
async def test_the_page_says_what_is_wrong_and_mails_only_so_often(server: RunningServer) -> None:
    assert (await server.client.post("/account/forgot", data={"email": "ada"})).status_code == 422
    [amount] = [limit.amount for limit in LIMITS[Doing.ASK_FOR_RESET] if limit.per is Per.TARGET]
    statuses = [(await server.client.post("/account/forgot", data={"email": ADA})).status_code for _ in range(11)]
    assert statuses == [200] * amount + [429]
    assert len(await fetch("SELECT id FROM mails")) == amount
