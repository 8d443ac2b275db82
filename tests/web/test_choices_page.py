"""The page of privacy choices: a yes costs what a no costs, and nothing is ticked that the person did not tick."""

import re
from collections.abc import AsyncGenerator
from html import unescape

import httpx
import pytest

from app.consents.purposes import EXPLANATIONS, Objectionable
from app.core.consent_purposes import ConsentPurpose
from app.core.db import execute, fetch
from tests.fakes.browsing import ADA, browsing, send_form, sign_in
from tests.fakes.people import POLICY_VERSION
from tests.fakes.server import RunningServer

PATH = "/account/privacy"
RADIO = re.compile(r'<input type="radio" name="([\w-]+)" value="(\w+)"( checked)?>')


@pytest.fixture
async def browser(server: RunningServer) -> AsyncGenerator[httpx.AsyncClient, None]:
    """Ada's, signed in."""
    await server.sign_up()
    async with browsing(server) as made:
        await sign_in(made)
        yield made


async def answers(browser: httpx.AsyncClient) -> dict[str, str | None]:
    """Return which answer of each question is ticked."""
    found: dict[str, str | None] = {}
    for name, value, checked in RADIO.findall((await browser.get(PATH)).text):
        found[name] = value if checked else found.get(name)
    return found


async def send(browser: httpx.AsyncClient, **given: str) -> httpx.Response:
    return await send_form(browser, PATH, {"version": POLICY_VERSION, **given})


async def test_every_purpose_is_asked_in_words_and_none_is_ticked(browser: httpx.AsyncClient) -> None:
    page = (await browser.get(PATH)).text

    for purpose in ConsentPurpose:
        assert EXPLANATIONS[purpose].meaning in unescape(page)
    given = await answers(browser)
    assert {name: given[name] for name in ConsentPurpose} == dict.fromkeys(ConsentPurpose)
    assert [given[f"object-{each}"] for each in Objectionable] == ["no", "no"]
    assert "<script" not in page
    assert PATH in (await browser.get("/account")).text


async def test_a_yes_and_a_no_are_two_radio_buttons_of_one_form(browser: httpx.AsyncClient) -> None:
    """The same number of clicks: one, and the one button."""
    page = (await browser.get(PATH)).text

    offered: dict[str, list[str]] = {}
    for name, value, _ in RADIO.findall(page):
        offered.setdefault(name, []).append(value)
    assert set(map(tuple, offered.values())) == {("yes", "no")}
    [form] = re.findall(r'<form method="post">.*?</form>', page, re.DOTALL)
    assert (form.count("<button"), len(RADIO.findall(form))) == (1, len(RADIO.findall(page)))


async def test_what_is_answered_is_kept_and_the_rest_stays_open(browser: httpx.AsyncClient) -> None:
    done = await send(browser, MARKETING_EMAIL="yes", TRAINING_ON_PRIVATE_CONTENT="no")

    assert (done.status_code, done.headers["location"]) == (303, f"{PATH}?kept")
    given = await answers(browser)
    assert (given["MARKETING_EMAIL"], given["TRAINING_ON_PRIVATE_CONTENT"]) == ("yes", "no")
    assert given["FACE_REFERENCE_IMAGES"] is None
    rows = await fetch("SELECT purpose, granted, method FROM consent_records ORDER BY purpose")
    assert [(row["purpose"], row["granted"], row["method"]) for row in rows] == [
        ("MARKETING_EMAIL", True, "ACCOUNT_PAGE"),
        ("TRAINING_ON_PRIVATE_CONTENT", False, "ACCOUNT_PAGE"),
    ]


async def test_a_yes_is_taken_back_by_the_same_form(browser: httpx.AsyncClient) -> None:
    await send(browser, MARKETING_EMAIL="yes")
    await send(browser, MARKETING_EMAIL="no", **{"object-MODEL_TRAINING": "yes"})

    given = await answers(browser)
    assert (given["MARKETING_EMAIL"], given["object-MODEL_TRAINING"]) == ("no", "yes")


async def test_a_yes_to_another_version_is_refused_and_said(browser: httpx.AsyncClient) -> None:
    refused = await send(browser, version="1999-01-01", MARKETING_EMAIL="yes")

    assert refused.status_code == 422
    assert POLICY_VERSION in refused.text
    assert await fetch("SELECT 1 FROM consent_records") == []


async def test_what_a_later_version_asks_again_stands_open(browser: httpx.AsyncClient) -> None:
    await send(browser, MARKETING_EMAIL="yes", ANALYTICS_COOKIES="yes")
    await execute(
        """INSERT INTO document_versions (id, kind, version, sha256, published_at, effective_at, material, summary,
             asks_again, published_by_id)
           SELECT gen_random_uuid(), 'TERMS', 'x', 'x', now(), now(), true, '', 'MARKETING_EMAIL', id
           FROM subject_aliases LIMIT 1"""
    )

    given = await answers(browser)

    assert (given["MARKETING_EMAIL"], given["ANALYTICS_COOKIES"]) == (None, "yes")
    assert "please answer anew" in (await browser.get(PATH)).text


async def test_only_who_is_signed_in_decides_and_only_on_the_page(
    browser: httpx.AsyncClient, server: RunningServer
) -> None:
    async with browsing(server) as stranger:
        asked = await stranger.get(PATH)
        assert (asked.status_code, asked.headers["location"].split("?")[0]) == (303, "/account/sign-in")
        assert (await stranger.post(PATH, data={"MARKETING_EMAIL": "yes"})).status_code == 303
    forged = await browser.post(PATH, data={"MARKETING_EMAIL": "yes", "version": POLICY_VERSION, "csrf": "0" * 64})

    assert forged.status_code != 303
    assert await fetch("SELECT 1 FROM consent_records") == []
    assert ADA not in forged.text
