"""The choice about cookies: nothing optional before it, as easy to refuse as to accept, and taken back at once."""

import re
from collections.abc import AsyncGenerator
from datetime import date, timedelta

import httpx
import pytest

from app.core.consent_purposes import ConsentPurpose
from app.core.db import fetch
from app.web.cookie_choice import CookieChoice
from tests.fakes.browsing import ADA, ORIGIN, browsing, send_form, sign_in
from tests.fakes.people import POLICY_VERSION
from tests.fakes.server import RunningServer

FORGOT = "/account/forgot"
"""A page that asks nobody who they are."""
PREFERENCE, ANALYTICS = ConsentPurpose.PREFERENCE_COOKIES, ConsentPurpose.ANALYTICS_COOKIES
BANNER = 'aria-label="Cookies"'
GPC = {"sec-gpc": "1"}


@pytest.fixture
async def browser(server: RunningServer) -> AsyncGenerator[httpx.AsyncClient, None]:
    async with browsing(server) as browser:
        yield browser


async def choose(browser: httpx.AsyncClient, decision: str, at: str = FORGOT, **fields: str) -> httpx.Response:
    """Press a button of the form around a page: the first one there, or the one at its foot."""
    page = await browser.get(at)
    form = next(form for form in re.findall(r"<form.*?</form>", page.text, re.DOTALL) if 'class="both"' in form)
    filled = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form.partition("<button")[0]))
    return await browser.post("/cookies", data={**filled, "decision": decision, **fields}, headers={"origin": ORIGIN})


def choice_of(browser: httpx.AsyncClient) -> CookieChoice | None:
    return CookieChoice.read(browser.cookies.get("choice") or "")


def granted(browser: httpx.AsyncClient) -> set[ConsentPurpose]:
    choice = choice_of(browser)
    assert choice
    return set(choice.granted)


async def visits() -> list[tuple[str, str, int]]:
    rows = await fetch("SELECT page, kind, count FROM page_visits ORDER BY page, kind")
    return [(row["page"], row["kind"], row["count"]) for row in rows]


async def test_before_a_choice_nothing_optional_is_set_and_nothing_is_counted(browser: httpx.AsyncClient) -> None:
    for path in (FORGOT, "/", "/account/sign-in", "/cookies"):
        page = await browser.get(path)
        assert (BANNER in page.text) == (path != "/cookies")
        assert "checked" not in page.text

    assert set(browser.cookies) == {"browser"}
    assert await visits() == []


async def test_accepting_and_refusing_are_two_equal_buttons_of_one_form(browser: httpx.AsyncClient) -> None:
    page = (await browser.get(FORGOT)).text
    [banner] = re.findall(r"<section.*?</section>", page, re.DOTALL)
    [form] = re.findall(r"<form.*?</form>", banner, re.DOTALL)
    buttons = re.findall(r"<button (.*?)>(.*?)</button>", form)

    assert [re.sub(r'value="\w+"', "", attributes).strip() for attributes, _ in buttons] == [
        'class="second" name="decision"'
    ] * 2
    assert [words for _, words in buttons] == ["Refuse optional cookies", "Accept optional cookies"]
    assert 'href="/cookies"' in banner
    assert "<script" not in page


@pytest.mark.parametrize(("decision", "purposes"), [("refuse", set()), ("accept", {PREFERENCE, ANALYTICS})])
async def test_one_press_decides_and_leads_back(
    browser: httpx.AsyncClient, decision: str, purposes: set[ConsentPurpose]
) -> None:
    at = "/account/sign-in?next=%2Foauth%2Fauthorize%3Fa%3Db"
    answer = await choose(browser, decision, at)
    page = await browser.get(answer.headers["location"])

    assert (answer.status_code, answer.headers["location"]) == (303, at)
    assert answer.headers["cache-control"] == "no-store"
    assert granted(browser) == purposes
    assert BANNER not in page.text
    [written] = [each for each in answer.headers.get_list("set-cookie") if each.startswith("choice=")]
    assert re.fullmatch(
        r"choice=preference=[01]&analytics=[01]&gpc=0&policy=[\d-]+&day=\d{4}-\d\d-\d\d; Max-Age=15552000; Path=/; "
        "HttpOnly; SameSite=Lax",
        written,
    )


async def test_each_purpose_is_chosen_by_itself(browser: httpx.AsyncClient) -> None:
    await send_form(browser, "/cookies", {"decision": "choose", "PREFERENCE_COOKIES": "yes"})
    assert granted(browser) == {PREFERENCE}
    page = (await browser.get("/cookies")).text
    assert re.findall(r'name="(\w+)" value="yes" checked', page) == ["PREFERENCE_COOKIES"]
    assert "allowed the preference cookie only" in page

    await send_form(browser, "/cookies", {"decision": "choose", "ANALYTICS_COOKIES": "yes", "MARKETING_EMAIL": "yes"})
    assert granted(browser) == {ANALYTICS}
    await send_form(browser, "/cookies", {"decision": "choose"})
    assert granted(browser) == set()


async def test_taking_back_is_one_press_on_any_page_and_clears_at_once(browser: httpx.AsyncClient) -> None:
    await choose(browser, "accept")
    await send_form(browser, "/cookies", {"theme": "dark"}, to="/cookies/colours")
    await browser.get(FORGOT)
    assert {"theme", "visited"} <= set(browser.cookies)

    answer = await choose(browser, "refuse")

    cleared = {each.partition(";")[0] for each in answer.headers.get_list("set-cookie") if "Max-Age=0" in each}
    assert cleared == {"theme=", "visited="}
    assert not {"theme", "visited"} & set(browser.cookies)
    before = await visits()
    await browser.get(FORGOT)
    assert await visits() == before
    assert granted(browser) == set()


async def test_a_form_of_others_and_one_that_says_nothing_decide_nothing(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/cookies")
    proof = page.text.partition('name="csrf" value="')[2][:64]
    forms = [
        ({"decision": "accept"}, ORIGIN),
        ({"decision": "accept", "csrf": "0" * 64}, ORIGIN),
        ({"decision": "accept", "csrf": proof}, "https://evil.example"),
        ({"decision": "whatever", "csrf": proof}, ORIGIN),
        ({"csrf": proof}, ORIGIN),
    ]
    for form, origin in forms:
        answer = await browser.post("/cookies", data=form, headers={"origin": origin})
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
    stranger = await browser.post("/cookies/colours", data={"theme": "dark"}, headers={"origin": ORIGIN})

    assert stranger.status_code == 422
    await browser.get("/cookies?decision=accept")
    assert set(browser.cookies) == {"browser"}


@pytest.mark.parametrize("next", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
async def test_the_way_back_stays_here(browser: httpx.AsyncClient, next: str) -> None:
    answer = await choose(browser, "refuse", next=next)

    assert answer.headers["location"] == "/account"


async def test_a_page_that_only_takes_forms_leads_back_to_the_cookies(browser: httpx.AsyncClient) -> None:
    refused = await browser.post("/account/with/google", data={})
    assert refused.status_code == 422
    assert 'name="next" value="/cookies"' in refused.text


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x",
        "preference=1&analytics=1&gpc=0&policy={policy}",
        "preference=1&analytics=1&gpc=0&policy={policy}&day=yesterday",
        "preference=2&analytics=1&gpc=0&policy={policy}&day={today}",
        "preference=1&analytics=1&gpc=0&policy={policy}&day={today}&id=7",
        "preference=1&analytics=1&analytics=1&gpc=0&policy={policy}&day={today}",
        "preference=1&analytics=1&gpc=0&policy={policy}&day={tomorrow}",
        "preference=1&analytics=1&gpc=0&policy={policy}&day={long_ago}",
        "preference=1&analytics=1&gpc=0&policy=" + "x" * 300 + "&day={today}",
    ],
)
async def test_a_choice_that_is_over_or_not_ours_is_asked_for_again(browser: httpx.AsyncClient, value: str) -> None:
    today = date.today()
    days = {"today": today, "tomorrow": today + timedelta(days=2), "long_ago": today - timedelta(days=180)}
    sent = {"cookie": f"choice={value.format(policy=POLICY_VERSION, **days)}; visited=2026-01-01; theme=dark"}
    page = await browser.get(FORGOT, headers=sent)

    assert BANNER in page.text
    assert 'class="dark"' not in page.text
    assert {each.partition(";")[0] for each in page.headers.get_list("set-cookie") if "Max-Age=0" in each} == {
        "theme=", "visited=",
    }  # fmt: skip
    assert await visits() == []


async def test_colours_are_kept_where_that_is_allowed_only(browser: httpx.AsyncClient) -> None:
    refused = await send_form(browser, "/cookies", {"theme": "dark"}, to="/cookies/colours")
    assert refused.status_code == 422
    assert "theme" not in browser.cookies
    assert 'class="dark"' not in (await browser.get(FORGOT)).text

    await choose(browser, "accept")
    kept = await send_form(browser, "/cookies", {"theme": "dark"}, to="/cookies/colours")
    assert kept.headers["location"] == "/cookies"
    assert '<html lang="en" class="dark">' in (await browser.get(FORGOT)).text
    await send_form(browser, "/cookies", {"theme": "light"}, to="/cookies/colours")
    assert '<html lang="en" class="light">' in (await browser.get(FORGOT)).text
    await send_form(browser, "/cookies", {"theme": ""}, to="/cookies/colours")
    assert '<html lang="en">' in (await browser.get(FORGOT)).text
    assert "theme" not in browser.cookies


async def test_a_colour_that_there_is_not_is_none(browser: httpx.AsyncClient) -> None:
    await choose(browser, "accept")
    browser.cookies.set("theme", 'x"><script>')
    assert '<html lang="en">' in (await browser.get(FORGOT)).text


async def test_visits_are_counted_once_a_day_and_by_nothing_but_the_day(
    server: RunningServer, browser: httpx.AsyncClient
) -> None:
    await choose(browser, "accept")
    first = await browser.get(FORGOT)
    [written] = [each for each in first.headers.get_list("set-cookie") if each.startswith("visited=")]
    today = written.partition("=")[2][:10]
    assert re.fullmatch(r"visited=\d{4}-\d\d-\d\d; Max-Age=2592000; Path=/; HttpOnly; SameSite=Lax", written)
    for path in ("/account/sign-in", FORGOT, "/"):
        await browser.get(path)
    assert await visits() == [("forgot", "NEW", 1)]

    yesterday = date.fromisoformat(today) - timedelta(days=1)
    for last in (yesterday.isoformat(), "rubbish"):
        browser.cookies.delete("visited")
        await browser.get("/account/sign-in", headers={"cookie": f"choice={browser.cookies['choice']}; visited={last}"})
    assert await visits() == [("forgot", "NEW", 1), ("sign_in", "NEW", 1), ("sign_in", "RETURNING", 1)]

    async with browsing(server) as other:
        await choose(other, "accept")
        await other.get(FORGOT)
    assert (await visits())[0] == ("forgot", "NEW", 2)
    columns = await fetch("SELECT column_name FROM information_schema.columns WHERE table_name = 'page_visits'")
    assert {row["column_name"] for row in columns} == {"id", "day", "page", "kind", "count"}


async def test_what_is_no_visit_is_not_counted(browser: httpx.AsyncClient) -> None:
    await choose(browser, "accept")
    await browser.head(FORGOT)
    await browser.post(FORGOT, data={"email": "nobody"})
    await browser.get("/dev/mail/unknown")
    await browser.get("/healthz")

    assert await visits() == []


async def test_the_signal_is_an_opt_out_whatever_was_chosen(browser: httpx.AsyncClient) -> None:
    await choose(browser, "accept")
    await browser.get(FORGOT)
    counted = await visits()
    assert "visited" in browser.cookies

    page = await browser.get("/account/sign-in", headers=GPC)

    assert "Global Privacy Control" in page.text
    assert "visited" not in browser.cookies
    choice = choice_of(browser)
    assert choice
    assert (set(choice.granted), choice.gpc) == ({PREFERENCE}, True)
    await browser.get("/account/sign-in")
    assert await visits() == counted
    assert "visited" not in browser.cookies, "it outlasts the signal"


async def test_a_stray_accept_in_another_tab_turns_nothing_on(browser: httpx.AsyncClient) -> None:
    browser.headers.update(GPC)
    asked = await browser.get(FORGOT)
    assert BANNER in asked.text
    assert "whatever is pressed here" in asked.text
    await choose(browser, "refuse")

    await choose(browser, "accept")
    await send_form(
        browser, "/cookies", {"decision": "choose", "ANALYTICS_COOKIES": "yes", "PREFERENCE_COOKIES": "yes"}
    )
    await browser.get(FORGOT)

    assert granted(browser) == {PREFERENCE}
    assert "gpc=1" in browser.cookies["choice"]
    assert "visited" not in browser.cookies
    assert await visits() == []


@pytest.mark.parametrize("value", ["0", "true", "", "1, 1", "2", "yes", "11"])
async def test_no_other_value_is_the_signal(browser: httpx.AsyncClient, value: str) -> None:
    await choose(browser, "accept")
    page = await browser.get(FORGOT, headers={"sec-gpc": value})

    assert "Global Privacy Control" not in page.text
    assert "visited" in browser.cookies


async def test_that_the_signal_is_honoured_stands_at_the_known_place(server: RunningServer) -> None:
    answer = await server.client.get("/.well-known/gpc.json")

    assert answer.headers["content-type"] == "application/json"
    assert re.fullmatch(r'\{"gpc":true,"lastUpdate":"\d{4}-\d\d-\d\d"\}', answer.text)
    assert date.fromisoformat(answer.json()["lastUpdate"])
    assert "set-cookie" not in answer.headers


async def test_signing_in_keeps_the_choice_and_the_form_is_for_whoever_is_signed_in(
    server: RunningServer, browser: httpx.AsyncClient
) -> None:
    await server.sign_up()
    page = await browser.get(FORGOT)
    proof = page.text.partition('name="csrf" value="')[2][:64]
    await sign_in(browser, ADA)

    stale = await browser.post("/cookies", data={"csrf": proof, "decision": "accept"}, headers={"origin": ORIGIN})
    assert stale.status_code == 422
    answer = await choose(browser, "accept", "/account")
    assert answer.headers["location"] == "/account"
    assert granted(browser) == {PREFERENCE, ANALYTICS}
