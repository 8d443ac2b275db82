"""`/requests`: pages for everybody, without a script; and what somebody who is signed in finds there."""

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest

from app.core.db import execute, fetch
from app.core.privacy_rights import PrivacyRight
from app.privacy.rights.base import Proof
from app.privacy.rights.nobodys import GONE, LETTERS, NO_ACCOUNT
from app.privacy.rights.opt_out_of_sale import OptOutOfSale
from app.privacy.rights.registry import RIGHTS
from tests.fakes.browsing import ADA, browsing, send_form, sign_in
from tests.fakes.mail import FakeMailer
from tests.fakes.server import RunningServer
from tests.support.conversing import DESK, mail, receive
from tests.web.checks import loose_links

PAGE, EVE = "/requests", "eve@example.org"
SALE = {"right": "OPT_OUT_OF_SALE"}


async def test_everybody_may_ask_and_learns_nothing_of_others(server: RunningServer, mailer: FakeMailer) -> None:
    await server.sign_up()
    mailer.letters.clear()
    async with browsing(server) as browser:
        page = await browser.get(PAGE, params=SALE)
        assert 'value="OPT_OUT_OF_SALE" required aria-describedby="about-OPT_OUT_OF_SALE" checked>' in page.text
        assert ("<script" in page.text, loose_links(page.text)) == (False, [])
        assert '<meta name="robots" content="noindex">' in page.text
        assert (page.headers["referrer-policy"], page.headers["cache-control"]) == ("no-referrer", "no-store")
        for place in ("/privacy", "/support"):
            assert f'href="{PAGE}"' in (await browser.get(place)).text

        given = {**SALE, "email": EVE, "statement": "I <b>mean</b> it."}
        stranger = await browser.post(PAGE, data=given, headers={"origin": "https://elsewhere.test"})
        wrong = [
            await send_form(browser, PAGE, {**given, **other})
            for other in ({"email": "nobody"}, {"right": "NONE"}, {"right": ""})
        ]
        assert [each.status_code for each in (stranger, *wrong)] == [422] * 4
        assert "I &lt;b&gt;mean&lt;/b&gt; it." in wrong[0].text, "nobody types it twice"
        assert await fetch("SELECT 1 FROM privacy_requests") == []

        known, unknown = [await send_form(browser, PAGE, {**given, "email": each}) for each in (ADA, EVE)]
        assert (known.status_code, known.text) == (200, unknown.text)
        for path in ("verify", "status", "receipt"):
            spent = await browser.get(f"{PAGE}/{path}", params={"token": "never ours"})
            assert (spent.status_code, "Nothing is here" in spent.text) == (404, True)
    await server.queue.settle()
    assert [len(mailer.to(each)) for each in (ADA, EVE)] == [1, 1]
    rows = await fetch("SELECT channel, regime, subject_id FROM privacy_requests")
    assert [tuple(row.values()) for row in rows] == [("PAGE", "OTHER", None)] * 2


async def test_whoever_is_signed_in_asks_for_their_account_and_takes_it_back(
    server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await server.sign_up()
    server.queue.work_with(None)
    monkeypatch.setitem(RIGHTS, PrivacyRight.OPT_OUT_OF_SALE, OptOutOfSale(proof=Proof.STEP_UP))
    async with browsing(server) as browser:
        await sign_in(browser)
        page = await browser.get("/account/privacy")
        assert all(f'href="/requests?right={right}"' in page.text for right in ("ACCESS", "ERASURE"))
        page = await browser.get(PAGE)
        assert (f"You are signed in as {ADA}" in page.text, 'name="email"' in page.text) == (True, False)

        await execute("UPDATE sessions SET authenticated_at = now() - interval '1 hour'")
        old = await send_form(browser, PAGE, {**SALE, "key": "once"})
        assert old.headers["location"] == "/account/prove?next=%2Frequests%3Fright%3DOPT_OUT_OF_SALE"
        assert await fetch("SELECT 1 FROM privacy_requests") == []
        await execute("UPDATE sessions SET authenticated_at = now()")
        asked = await send_form(browser, PAGE, {**SALE, "key": "once", "residence": "CALIFORNIA"})
        status = asked.headers["location"]
        shown = await browser.get(status)
        assert all(words in shown.text for words in ("We know that it is you", "You have an answer by", "Take it back"))
        assert "Have my data not sold or shared" in (await browser.get("/account/privacy")).text
        assert status in (await browser.get("/account/privacy")).text

        token = status.partition("token=")[2]
        assert (await browser.get(f"{PAGE}/receipt", params={"token": token})).status_code == 404
        back = await send_form(browser, f"{PAGE}/status", {"token": token, "decision": "cancel"}, {"token": token})
        assert back.headers["location"] == status
        assert "It was taken back" in (await browser.get(status)).text
        twice = await send_form(
            browser, "/account/privacy", {"token": token, "decision": "cancel"}, to=f"{PAGE}/status"
        )
        assert (twice.status_code, "nothing brings it back" in twice.text) == (422, True)
    [row] = await fetch("SELECT status, regime, channel FROM privacy_requests")
    assert tuple(row.values()) == ("CANCELED", "CCPA", "SIGNED_IN")


@pytest.mark.parametrize("box", [{}, {"waive": "yes"}])
async def test_the_time_to_take_an_erasure_back_is_waived_by_a_box_that_is_not_ticked(
    server: RunningServer, box: dict[str, str]
) -> None:
    await server.sign_up()
    server.queue.work_with(None)
    async with browsing(server) as browser:
        assert 'name="waive"' not in (await browser.get(PAGE)).text
        await sign_in(browser)
        assert 'name="waive" value="yes">' in (await browser.get(PAGE)).text
        await send_form(browser, PAGE, {"right": "ERASURE", "key": "once", **box})
    [row] = await fetch("SELECT starts_at - verified_at AS grace FROM privacy_requests")
    assert row["grace"] == timedelta(hours=0 if box else 72)


@pytest.mark.parametrize(("right", "said"), [("OPT_OUT_OF_SALE", LETTERS), ("ERASURE", GONE)])
async def test_an_address_without_an_account_is_told_what_there_is_of_it(
    server: RunningServer, mailer: FakeMailer, monkeypatch: pytest.MonkeyPatch, right: str, said: str
) -> None:
    kind = PrivacyRight(right)
    monkeypatch.setitem(RIGHTS, kind, OptOutOfSale(right=kind, needs_account=True))
    for number in range(2):
        await receive(mail(EVE, DESK.support, f"Where is my picture, number {number}?"))
    async with browsing(server) as browser:
        await send_form(browser, PAGE, {"right": right, "email": EVE})
        await server.queue.settle()
        link = {"token": mailer.token(EVE)}
        assert "that is all that\nwe hold about it" in (await browser.get(f"{PAGE}/verify", params=link)).text
        proved = await send_form(browser, f"{PAGE}/verify", {**link, "decision": "prove"}, link)
        await server.queue.settle()
        shown = (await browser.get(proved.headers["location"])).text
    assert all(words in shown for words in ("It is done.", NO_ACCOUNT, said, "support threads, done (2)"))
    assert "/requests/receipt?token=" in shown
    threads = await fetch("SELECT 1 FROM support_threads WHERE address = $1", EVE)
    assert len(threads) == (0 if kind is PrivacyRight.ERASURE else 2)
    assert mailer.to(EVE)[-1].subject == "Your privacy request is done"


@pytest.mark.parametrize("right", ["RECTIFICATION", "ACCESS"])
async def test_words_that_staff_will_act_on_are_shown_to_whoever_confirms_them(
    server: RunningServer, mailer: FakeMailer, right: str
) -> None:
    """Anybody may have written them in the name of the address; else no stranger's words are on a page of ours."""
    async with browsing(server) as browser:
        await send_form(browser, PAGE, {"right": right, "email": EVE, "statement": "I am <b>Mallory</b> now."})
        await server.queue.settle()
        shown = (await browser.get(f"{PAGE}/verify", params={"token": mailer.token(EVE)})).text
    assert ("I am &lt;b&gt;Mallory&lt;/b&gt; now." in shown) == (right == "RECTIFICATION")
    assert "<b>Mallory" not in shown


async def test_an_address_without_an_account_fetches_its_copy_once_by_a_fresh_link(
    server: RunningServer, mailer: FakeMailer
) -> None:
    words = "Where is my picture, the one with the green hat?"
    await receive(mail(EVE, DESK.support, words))
    async with browsing(server) as browser:
        await send_form(browser, PAGE, {"right": "ACCESS", "email": EVE})
        await server.queue.settle()
        link = {"token": mailer.token(EVE)}
        proved = await send_form(browser, f"{PAGE}/verify", {**link, "decision": "prove"}, link)
        await server.queue.settle()
        follow = {"token": proved.headers["location"].partition("token=")[2]}
        assert (await browser.get(f"{PAGE}/archive", params=follow)).status_code == 404, "it takes another link"
        shown = await browser.get(f"{PAGE}/status", params=follow)
        assert ("Mail me a link to fetch it" in shown.text, "/privacy/archives/" in shown.text) == (True, False)
        for _ in range(2):
            mailed = await send_form(browser, f"{PAGE}/status", {**follow, "decision": "archive"}, follow)
        assert "on its way to your mailbox" in (await browser.get(mailed.headers["location"])).text
        await server.queue.settle()
        assert [each.subject for each in mailer.to(EVE)].count("Your copy is ready to be fetched") == 1

        fresh = {"token": mailer.token(EVE)}
        assert "Fetch it" in (await browser.get(f"{PAGE}/archive", params=fresh)).text
        fetched = await send_form(browser, f"{PAGE}/archive", fresh, fresh)
        assert (fetched.status_code, fetched.headers["content-type"]) == (200, "application/zip")
        with zipfile.ZipFile(BytesIO(fetched.content)) as archive:
            assert words in archive.read("data/support_messages.json").decode()
        assert (await browser.get(f"{PAGE}/archive", params=fresh)).status_code == 404, "once"
        await send_form(browser, f"{PAGE}/status", {**follow, "decision": "archive"}, follow)
        await server.queue.settle()
        await execute("UPDATE privacy_request_details SET link_mailed_at = link_mailed_at - interval '1 hour'")
        late = await browser.get(f"{PAGE}/archive", params={"token": mailer.token(EVE)})
        assert (late.status_code, "older than an hour" in late.text) == (404, True)


async def test_of_an_account_that_is_said_to_be_a_childs_no_link_from_before_gives_a_copy(
    server: RunningServer, mailer: FakeMailer
) -> None:
    await server.sign_up("ada")
    ada = "ada@example.com"
    await execute("UPDATE users SET confirmed_email = email")
    async with browsing(server) as browser:
        await send_form(browser, PAGE, {"right": "ACCESS", "email": ada})
        await server.queue.settle()
        link = {"token": mailer.token(ada)}
        proved = await send_form(browser, f"{PAGE}/verify", {**link, "decision": "prove"}, link)
        await server.queue.settle()
        follow = {"token": proved.headers["location"].partition("token=")[2]}
        await send_form(browser, f"{PAGE}/status", {**follow, "decision": "archive"}, follow)
        await server.queue.settle()
        fresh = {"token": mailer.token(ada)}
        assert (await browser.get(f"{PAGE}/archive", params=fresh)).status_code == 200

        await execute("UPDATE users SET status = 'FROZEN'")

        assert (await browser.get(f"{PAGE}/archive", params=fresh)).status_code == 404
        assert "Mail me a link" not in (await browser.get(f"{PAGE}/status", params=follow)).text
