"""The choice about cookies of whoever is signed in: on record with the account, whose no wins in every browser."""

import uuid
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from app.core.consent_purposes import ConsentPurpose
from app.core.db import execute, fetch
from app.core.limits import LIMITS, Doing
from tests.consents.test_api import SET
from tests.fakes.browsing import ORIGIN, PROOF, asking, browsing, send_form, sign_in
from tests.fakes.people import POLICY_VERSION
from tests.fakes.server import RunningServer
from tests.fakes.statements import counted
from tests.policy.test_queries import publish_row
from tests.web.test_cookie_choice import ANALYTICS, BANNER, FORGOT, GPC, PREFERENCE, choice_of, choose, granted

YES, NO = True, False


@pytest.fixture
def patient(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow machine counts in Valkey all the same."""
    monkeypatch.setenv("ANYPEOPLE_BUDGET_TIMEOUT", "10")


@pytest.fixture
async def browser(server: RunningServer) -> AsyncGenerator[httpx.AsyncClient, None]:
    """The browser of somebody who has an account, and is not signed in yet."""
    await server.sign_up()
    async with browsing(server) as browser:
        yield browser


async def records() -> list[tuple[str, bool, str]]:
    rows = await fetch("SELECT purpose, granted, method FROM consent_records ORDER BY id")
    return sorted((row["purpose"], row["granted"], row["method"]) for row in rows)


async def decide_by_api(browser: httpx.AsyncClient, **decisions: bool) -> None:
    said = [{"purpose": purpose, "granted": granted} for purpose, granted in decisions.items()]
    variables = {"input": {"decisions": said, "policyVersion": POLICY_VERSION, "idempotencyKey": str(uuid.uuid4())}}
    answer = (await asking(browser, SET, variables)).json()
    assert answer["data"]["setConsents"]["errors"] == [], answer


async def test_what_is_pressed_is_on_record(browser: httpx.AsyncClient) -> None:
    await sign_in(browser)
    assert await records() == []
    await choose(browser, "accept", "/account")
    assert await records() == [
        ("ANALYTICS_COOKIES", YES, "COOKIE_CHOICE"),
        ("PREFERENCE_COOKIES", YES, "COOKIE_CHOICE"),
    ]
    await send_form(browser, "/cookies", {"decision": "choose", "PREFERENCE_COOKIES": "yes"})
    assert ("ANALYTICS_COOKIES", NO, "COOKIE_CHOICE") in await records()
    assert len(await records()) == 3


async def test_a_visitor_leaves_no_record(browser: httpx.AsyncClient) -> None:
    await choose(browser, "accept")
    await browser.get(FORGOT, headers=GPC)

    assert await records() == []


async def test_a_withdrawal_by_the_api_clears_at_the_next_page(browser: httpx.AsyncClient) -> None:
    await sign_in(browser)
    await choose(browser, "accept", "/account")
    await browser.get("/account")
    assert "visited" in browser.cookies

    await decide_by_api(browser, ANALYTICS_COOKIES=NO)
    page = await browser.get("/account")

    assert [each for each in page.headers.get_list("set-cookie") if each.startswith("visited=; Max-Age=0;")]
    assert "visited" not in browser.cookies
    assert granted(browser) == {PREFERENCE}
    assert "allowed the preference cookie only" in page.text


async def test_a_yes_by_the_api_is_none_of_a_browser_that_was_not_asked(browser: httpx.AsyncClient) -> None:
    await sign_in(browser)
    await decide_by_api(browser, ANALYTICS_COOKIES=YES, PREFERENCE_COOKIES=YES)

    assert BANNER in (await browser.get("/account")).text
    assert choice_of(browser) is None
    assert "visited" not in browser.cookies


async def test_the_no_of_an_account_wins_over_what_was_pressed_before_signing_in(
    server: RunningServer, browser: httpx.AsyncClient
) -> None:
    await sign_in(browser)
    await choose(browser, "refuse", "/account")
    async with browsing(server) as other:
        await choose(other, "accept")
        await other.get(FORGOT)
        assert "visited" in other.cookies
        await sign_in(other)
        await other.get("/account")

        assert "visited" not in other.cookies
        assert granted(other) == set()


async def test_the_signal_is_on_record_once_and_a_stray_accept_changes_nothing(browser: httpx.AsyncClient) -> None:
    await sign_in(browser)
    await choose(browser, "accept", "/account")
    browser.headers.update(GPC)
    for _ in range(2):
        await browser.get("/account")
    signal = ("ANALYTICS_COOKIES", NO, "GLOBAL_PRIVACY_CONTROL")
    assert (await records()).count(signal) == 1

    await choose(browser, "accept", "/account")

    assert [entry for entry in await records() if entry[0] == "ANALYTICS_COOKIES"] == [
        signal,
        ("ANALYTICS_COOKIES", YES, "COOKIE_CHOICE"),  # from before
    ]
    assert granted(browser) == {PREFERENCE}
    assert "gpc=1" in browser.cookies["choice"]


async def test_the_signal_counts_before_anything_was_chosen(browser: httpx.AsyncClient) -> None:
    await sign_in(browser)
    await browser.get("/account", headers=GPC)

    assert await records() == [("ANALYTICS_COOKIES", NO, "GLOBAL_PRIVACY_CONTROL")]
    assert choice_of(browser) is None


@pytest.mark.parametrize(
    ("policy", "days_ago", "asked", "asks"),
    [
        ("2020-01-01", 3, ConsentPurpose.ANALYTICS_COOKIES, True),
        ("2020-01-01", 1, ConsentPurpose.PREFERENCE_COOKIES, True),
        ("2020-01-01", 0, ConsentPurpose.ANALYTICS_COOKIES, False),
        (POLICY_VERSION, 1, ConsentPurpose.ANALYTICS_COOKIES, False),
        ("2020-01-01", 3, ConsentPurpose.MARKETING_EMAIL, False),
        ("2020-01-01", 3, None, False),
    ],
)
async def test_a_version_that_asks_again_ends_the_choices_made_before(
    browser: httpx.AsyncClient, policy: str, days_ago: int, asked: ConsentPurpose | None, asks: bool
) -> None:
    """It took effect yesterday. A choice of that very day counts if it names the version."""
    now = datetime.now(UTC)
    await execute("DELETE FROM document_versions WHERE kind = 'PRIVACY'")  # what the installation began with
    await publish_row(POLICY_VERSION, now - timedelta(days=1), asked.value if asked else "")
    day = (now - timedelta(days=days_ago)).date()
    sent = f"choice=preference=1&analytics=1&gpc=0&policy={policy}&day={day}; visited=2026-01-01"

    page = await browser.get(FORGOT, headers={"cookie": sent})

    assert (BANNER in page.text) == asks
    cleared = [each for each in page.headers.get_list("set-cookie") if each.startswith("visited=; Max-Age=0;")]
    assert bool(cleared) == asks


async def test_a_page_of_somebody_signed_in_asks_the_database_no_more_often_than_it_must(
    server: RunningServer, browser: httpx.AsyncClient
) -> None:
    await sign_in(browser)
    await choose(browser, "accept", "/account")
    await browser.get(FORGOT)
    await server.queue.settle()  # the journal takes the choice down meanwhile
    with counted() as seen:
        await browser.get(FORGOT)

    assert len(seen) <= 6, seen.sent
    assert {ANALYTICS, PREFERENCE} == granted(browser)


@pytest.mark.usefixtures("patient")
async def test_a_choice_has_the_limit_of_all_decisions(server: RunningServer, browser: httpx.AsyncClient) -> None:
    await sign_in(browser)
    [limit] = LIMITS[Doing.DECIDE]
    proof = PROOF.search((await browser.get("/cookies")).text)
    assert proof
    form = {"csrf": proof[1], "decision": "refuse"}

    statuses = [
        (await browser.post("/cookies", data=form, headers={"origin": ORIGIN})).status_code
        for _ in range(limit.amount + 1)
    ]

    assert statuses == [303] * limit.amount + [429]
