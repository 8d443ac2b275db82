"""`/support`: a page for everybody, without a script."""

from app.core.db import fetch
from tests.fakes.browsing import ADA, browsing, send_form, sign_in
from tests.fakes.mail import FakeMailer
from tests.fakes.server import RunningServer
from tests.support.conversing import DESK
from tests.web.checks import loose_links

PAGE = "/support"


async def test_whoever_may_not_sign_in_objects_on_the_page(server: RunningServer, mailer: FakeMailer) -> None:
    async with browsing(server) as browser:
        page = await browser.get(PAGE, params={"topic": "APPEAL"})
        assert '<option value="APPEAL" selected>' in page.text
        assert ("<script" in page.text, loose_links(page.text)) == (False, [])
        assert 'href="/support"' in (await browser.get("/privacy")).text

        given = {"topic": "APPEAL", "email": "eve@example.org", "message": "I am <b>40</b>.", "key": "once"}
        stranger = await browser.post(PAGE, data=given, headers={"origin": "https://elsewhere.test"})
        wrong = await send_form(browser, PAGE, {**given, "email": "nobody", "key": "other"})
        assert [stranger.status_code, wrong.status_code] == [422, 422]
        assert "I am &lt;b&gt;40&lt;/b&gt;." in wrong.text, "nobody types it twice"
        assert await fetch("SELECT 1 FROM support_threads") == []

        sent = [await send_form(browser, PAGE, given) for _ in range(2)]
        assert [(each.status_code, "Your message arrived" in each.text) for each in sent] == [(200, True)] * 2
    await server.queue.settle()
    assert [letter.address for letter in sorted(mailer.letters, key=lambda letter: letter.id)] == [
        DESK.support,
        "eve@example.org",
    ]
    [to_desk] = mailer.to(DESK.support)
    assert "Somebody who says that eve@example.org is their address wrote" in to_desk.text, "nobody showed it"
    [row] = await fetch("SELECT topic, person_id, address FROM support_threads")
    assert (row["topic"], row["person_id"], row["address"]) == ("APPEAL", None, "eve@example.org")


async def test_whoever_is_signed_in_is_answered_at_their_own_address(server: RunningServer) -> None:
    await server.sign_up()
    async with browsing(server) as browser:
        await sign_in(browser)
        page = await browser.get(PAGE)
        assert (f"The answer goes to {ADA}" in page.text, 'name="email"' in page.text) == (True, False)
        long = "人" * 4_900
        given = {"topic": "PRIVACY_REQUEST", "right": "ACCESS", "message": long, "key": "k", "email": "eve@example.org"}
        assert (await send_form(browser, PAGE, given)).status_code == 200
    [row] = await fetch("SELECT privacy_right, address, person_id FROM support_threads")
    assert (row["privacy_right"], row["address"], row["person_id"] is None) == ("ACCESS", None, False)
    [message] = await fetch("SELECT text FROM support_messages")
    assert message["text"] == long
