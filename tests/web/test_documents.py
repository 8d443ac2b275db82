"""`/privacy` and `/terms` in a browser, and the banner of whoever has not seen a notice."""

import re
from typing import Any

import pytest

from app.accounts.staff import promote
from app.core.days import day
from app.core.db import fetch
from app.core.viewer import Role
from app.policy.clauses import CLAUSES
from tests.fakes.browsing import PROOF, browsing, send_form, sign_in
from tests.fakes.people import POLICY_VERSION, TERMS_VERSION
from tests.fakes.server import RunningServer
from tests.fakes.shelf import Shelf
from tests.outreach.test_api import publish
from tests.policy.test_api import PUBLISH, VERSION, said


@pytest.fixture
async def officer(server: RunningServer, shelf: Shelf) -> str:
    shelf.ship(VERSION, "We keep <b>less</b>.\n- See [there](https://elsewhere.example/).")
    token = await server.sign_up("officer")
    await promote("officer@example.com", Role.PRIVACY_OFFICER)
    return token


@pytest.mark.parametrize(
    "path", ["/privacy", "/terms", f"/privacy/{POLICY_VERSION}", f"/terms/{TERMS_VERSION}", "/terms/versions"]
)
async def test_pages_are_the_same_for_everybody_and_kept_by_caches(server: RunningServer, path: str) -> None:
    await server.sign_up()
    anonymous = await server.client.get(path)
    async with browsing(server) as browser:
        await sign_in(browser)
        signed_in = await browser.get(path)

    assert anonymous.status_code == 200
    assert signed_in.content == anonymous.content
    for answer in (anonymous, signed_in):
        assert "set-cookie" not in answer.headers
        assert answer.headers["cache-control"] == "public, max-age=300"
    again = await server.client.get(path, headers={"if-none-match": anonymous.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "noindex" not in anonymous.text
    assert "@media print" in anonymous.text
    assert 'name="viewport"' in anonymous.text


async def test_the_text_names_the_operator_and_says_what_it_is(server: RunningServer, settings: Any) -> None:
    shown = (await server.client.get("/privacy")).text

    assert settings.controller.name in shown
    [begun] = await fetch("SELECT effective_at FROM document_versions WHERE kind = 'PRIVACY'")
    assert f"Version {POLICY_VERSION}, in force since {day(begun['effective_at'])}." in re.sub(r"\s+", " ", shown)
    assert "{" not in shown.split("<main>")[1]
    assert "whose address is not configured." in shown
    assert "Backups of our database are kept for 35 days at most." in shown


async def test_the_policy_is_shown_with_what_keeps_it(server: RunningServer) -> None:
    shown = (await server.client.get("/privacy")).text

    for clause in CLAUSES:
        assert f"<summary>{clause.id} {clause.title}: " in shown.replace("&#39;", "'")
        assert all(f"<code>{name}</code>" in shown for name in (*clause.kept_by, *clause.checks))
    assert "What keeps it" not in (await server.client.get("/terms")).text


async def test_links_that_lead_away_tell_nobody_and_tags_are_text(server: RunningServer, officer: str) -> None:
    await server.data(PUBLISH, said(), officer)

    for path in ("/privacy", f"/privacy/{VERSION}/changes"):
        shown = (await server.client.get(path)).text
        assert '<a href="https://elsewhere.example/" rel="noopener noreferrer">there</a>' in shown
        assert "&lt;b&gt;less&lt;/b&gt;" in shown


async def test_versions_and_what_is_different_between_any_two(server: RunningServer, officer: str) -> None:
    assert (await server.client.get(f"/privacy/{VERSION}")).status_code == 404, "it is not published"
    await server.data(PUBLISH, said(), officer)

    versions = (await server.client.get("/privacy/versions")).text
    forward = (await server.client.get(f"/privacy/{VERSION}/changes")).text
    back = (await server.client.get(f"/privacy/{POLICY_VERSION}/changes", params={"since": VERSION})).text
    first = (await server.client.get(f"/privacy/{POLICY_VERSION}/changes")).text

    assert [VERSION in versions, "One word is clearer." in versions, "not in force any more" in versions] == [True] * 3
    assert "<ins>We keep" in forward
    assert "<del>We keep" in back
    assert "There is no version before it." in first
    for path in ("/privacy/2032-01-01", "/privacy/2032-01-01/changes", f"/privacy/{VERSION}/changes?since=never"):
        assert (await server.client.get(path)).status_code == 404


@pytest.mark.parametrize("path", ["/", "/account/sign-in", "/account/forgot", "/privacy"])
async def test_every_page_leads_to_both(server: RunningServer, path: str) -> None:
    shown = (await server.client.get(path)).text

    assert 'href="/privacy"' in shown
    assert 'href="/terms"' in shown


async def test_who_has_not_seen_a_notice_sees_it_until_they_say_so(server: RunningServer, officer: str) -> None:
    await server.sign_up()
    async with browsing(server) as browser:
        await sign_in(browser)
        assert 'class="banner"' not in (await browser.get("/account")).text
        await publish(server, officer)

        shown = (await browser.get("/account")).text
        assert 'class="banner"' in shown
        assert "One word is clearer." in shown
        assert f'href="/privacy/{VERSION}/changes"' in shown
        [id] = re.findall(r'action="/account/notices/dismiss".*?name="id" value="([^"]+)"', shown, re.DOTALL)
        public = {path: (await browser.get(path)).text for path in ("/privacy", "/terms")}
        assert not any('class="banner"' in page for page in public.values())

        forged = await browser.post(
            "/account/notices/dismiss", data={"csrf": "0" * 64, "id": id}, headers={"origin": "http://images.test"}
        )
        assert forged.status_code == 422
        assert 'class="banner"' in (await browser.get("/account")).text
        elsewhere = {"id": id, "next": "//elsewhere.test"}
        assert (await send_form(browser, "/account", elsewhere, to="/account/notices/dismiss")).headers[
            "location"
        ] == "/account"
        done = await send_form(browser, "/account", {"id": id, "next": "/cookies"}, to="/account/notices/dismiss")
        assert (done.status_code, done.headers["location"]) == (303, "/cookies")
        assert PROOF.search(forged.text)
        assert 'class="banner"' not in (await browser.get("/account")).text


async def test_a_notice_is_on_every_page_and_nothing_around_secrets_is_pressed(
    server: RunningServer, officer: str
) -> None:
    await server.sign_up()
    async with browsing(server) as browser:
        await sign_in(browser)
        await publish(server, officer)
        for path in ("/", "/account/prove", "/account/privacy", "/account/forgot", "/cookies", "/oauth/authorize"):
            shown = (await browser.get(path)).text
            assert 'class="banner"' in shown, path
            assert f'name="next" value="{path}"' in shown, path
        secret = await send_form(browser, "/account", {}, to="/account/totp")

    assert secret.status_code == 200
    assert 'class="banner"' in secret.text
    assert "/account/notices/dismiss" not in secret.text
    assert 'action="/cookies"' not in secret.text
