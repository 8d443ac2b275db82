"""GraphiQL in production: for staff who are signed in, and for nobody else."""

from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest

from app.core.db import execute
from app.core.viewer import STAFF, Role
from app.generation.engines.registry import Engines
from tests.fakes.browsing import ADA, PASSWORD, PROOF
from tests.fakes.production import in_production
from tests.fakes.server import RunningServer
from workers.runner import Runner


@pytest.fixture
async def production(
    environment: dict[str, str],
    database: str,
    engines: Engines,
    runner: Runner,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncGenerator[tuple[RunningServer, str], None]:
    async with in_production(engines, runner, tmp_path, monkeypatch) as served:
        yield served


@pytest.fixture
async def browser(production: tuple[RunningServer, str]) -> AsyncGenerator[httpx.AsyncClient, None]:
    server, address = production
    await server.sign_up()
    async with httpx.AsyncClient(base_url=address, verify=False, trust_env=False, timeout=20) as made:
        yield made


async def sign_in(browser: httpx.AsyncClient) -> httpx.Response:
    found = PROOF.search((await browser.get("/account/sign-in")).text)
    assert found
    form = {"csrf": found[1], "email": ADA, "password": PASSWORD}
    origin = str(browser.base_url).rstrip("/")
    return await browser.post("/account/sign-in", params={"next": "/graphiql"}, data=form, headers={"origin": origin})


async def test_only_staff_get_graphiql_in_production(browser: httpx.AsyncClient) -> None:
    asked = await browser.get("/graphiql")
    assert (asked.status_code, asked.headers["location"]) == (303, "/account/sign-in?next=%2Fgraphiql")

    assert (await sign_in(browser)).headers["location"] == "/graphiql"

    assert "__Host-session" in browser.cookies
    refused = await browser.get("/graphiql")
    assert refused.status_code == 403
    assert "This page is for staff" in refused.text
    assert "<script" not in refused.text
    for role in Role:
        await execute("UPDATE users SET role = $1", role.value)
        shown = await browser.get("/graphiql")
        assert (shown.status_code, '<div id="graphiql">' in shown.text) == (
            (200, True) if role in STAFF else (403, False)
        )
    assert (await browser.get("/dev/mail")).status_code == 404
    assert (await browser.get("/")).status_code == 404


async def test_an_app_of_staff_is_shown_nothing(
    production: tuple[RunningServer, str], browser: httpx.AsyncClient
) -> None:
    token = await production[0].sign_up("eve")
    await execute("UPDATE users SET role = 'ADMIN'")

    for headers in ({"authorization": f"Bearer {token}"}, {"cookie": f"__Host-session={token}"}):
        answer = await browser.get("/graphiql", headers=headers)
        assert answer.headers["location"] == "/account/sign-in?next=%2Fgraphiql"


async def test_no_cache_keeps_an_answer_that_sets_a_cookie(browser: httpx.AsyncClient) -> None:
    await execute("UPDATE users SET role = 'ADMIN'")
    await sign_in(browser)
    await execute("UPDATE sessions SET rotate_at = now()")

    page = await browser.get("/graphiql")

    assert page.status_code == 200
    assert "__Host-session=anyp_b_" in page.headers["set-cookie"]
    assert page.headers["cache-control"] == "no-store"
