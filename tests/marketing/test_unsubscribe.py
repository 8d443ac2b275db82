"""The link of each mail ends such mail: by our page's button, or by a mail program (RFC 8058); never by opening it."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import httpx

from app.core import jobs
from app.core.db import execute, fetch
from app.core.receipts import CONSENT, KINDS
from app.marketing.service import send
from tests.consents.test_api import LOG, VERIFY, decide, states
from tests.fakes.browsing import browsing
from tests.fakes.mail import FakeMailer
from tests.fakes.server import RunningServer
from tests.marketing.conftest import TEXT
from workers.runner import Runner

FORM = {"List-Unsubscribe": "One-Click"}
AS_PARTS = {"List-Unsubscribe": (None, "One-Click")}
PROVIDER = {"origin": "https://mail.example", "sec-fetch-site": "cross-site"}


async def campaign(server: RunningServer, runner: Runner, *, again: bool = False) -> None:
    """Write to whoever may be written to, as the processes do it."""
    await send(TEXT, again=again)
    await server.queue.settle()
    for _queue, job_id, attempt in await jobs.claim_due(timedelta()):
        await runner.run(job_id, attempt)


async def records() -> list[tuple[bool, str]]:
    rows = await fetch("SELECT granted, method FROM consent_records ORDER BY decided_at, sequence")
    return [(row["granted"], row["method"]) for row in rows]


def link_of(mailer: FakeMailer, address: str) -> str:
    """Return the path of the link in the latest mail to an address."""
    address = mailer.to(address)[-1].unsubscribe or ""
    return urlsplit(address).path


def bare(answer: httpx.Response) -> tuple[int, str, dict[str, str]]:
    """Return all that tells one answer from another."""
    passing = {"date", "x-request-id"}
    return answer.status_code, answer.text, {name: v for name, v in answer.headers.items() if name not in passing}


async def test_a_mail_program_ends_it_signed_out_with_any_old_link(
    server: RunningServer, runner: Runner, mailer: FakeMailer
) -> None:
    ada, eve = await server.sign_up("ada"), await server.sign_up("eve")
    for token in (ada, eve):
        await decide(server, token, MARKETING_EMAIL=True)
    mailer.letters.clear()
    await campaign(server, runner)
    mailer.letters.sort(key=lambda letter: letter.address)
    assert [letter.subject for letter in mailer.letters] == ["What is new"] * 2
    assert "Hello Ada," in mailer.letters[0].text
    assert "First &lt;b&gt;this&lt;/b&gt;." in mailer.letters[0].html
    old, other = link_of(mailer, "ada@example.com"), link_of(mailer, "eve@example.com")
    assert re.fullmatch("/unsubscribe/[0-9a-f]{32}", old)
    for table in ("mails", "campaign_recipients", "campaigns", "jobs"):
        await execute(f"DELETE FROM {table}")

    async with browsing(server) as provider:
        done = await provider.post(old, data=FORM, headers=PROVIDER)
        repeated = await provider.post(old, data=FORM)
        unknown = [await provider.post(f"/unsubscribe/{name}", data=FORM) for name in ("0" * 32, "nonsense")]
        as_parts = await provider.post(other, files=AS_PARTS)

    assert done.status_code == 200
    assert "set-cookie" not in done.headers
    assert {bare(answer)[:2] for answer in (repeated, *unknown, as_parts)} == {bare(done)[:2]}
    assert bare(unknown[0]) == bare(unknown[1]) == bare(repeated) == bare(as_parts)
    assert await records() == [(True, "API")] * 2 + [(False, "ONE_CLICK")] * 2
    assert (await states(server, ada))["MARKETING_EMAIL"] == "WITHDRAWN"
    [row] = await fetch("SELECT receipt FROM consent_records WHERE NOT granted ORDER BY decided_at LIMIT 1")
    verified = (await server.data(VERIFY, {"receipt": row["receipt"]}))["verifyReceipt"]
    assert (verified["valid"], verified["kind"]) == (True, KINDS[CONSENT])
    [entry] = (await server.data(LOG, None, ada))["viewer"]["auditEntries"]["nodes"][:1]
    assert (entry["action"], entry["note"]) == ("CONSENT_WITHDRAWN", "MARKETING_EMAIL")
    mailer.letters.clear()
    await campaign(server, runner)
    assert mailer.letters == []


async def test_opening_the_link_changes_nothing_and_its_button_does(
    server: RunningServer, runner: Runner, mailer: FakeMailer
) -> None:
    ada = await server.sign_up("ada")
    await decide(server, ada, MARKETING_EMAIL=True)
    await campaign(server, runner)
    link = link_of(mailer, "ada@example.com")

    async with browsing(server) as browser:
        opened = [await browser.request(method, link) for method in ("GET", "HEAD", "GET")]
        strange = [
            await browser.post(link, data={"decision": "perhaps"}),
            await browser.post(link, content=b"\xff" * 40),
            await browser.post(link, content=b"List-Unsubscribe=One-Click&" + b"x" * 4_000),
            await browser.post(link, files={"List-Unsubscribe": (None, "Perhaps")}),
        ]
        assert [answer.status_code for answer in (*opened, *strange)] == [200] * 3 + [422] * 4
        assert await records() == [(True, "API")]
        pressed = await browser.post(link, data={"decision": "unsubscribe"})
        assert not browser.cookies
    unknown = await server.client.get("/unsubscribe/" + "0" * 32)

    assert "Turn it off" in opened[0].text
    assert '<form method="post">' in opened[0].text
    assert opened[0].headers["cache-control"] == "no-store"
    assert bare(unknown) == bare(opened[0]), "no page tells whether a link is anybody's"
    assert (pressed.status_code, "News by mail is off" in pressed.text) == (200, True)
    assert "/account/privacy" in pressed.text
    assert await records() == [(True, "API"), (False, "UNSUBSCRIBE_LINK")]

    await decide(server, ada, MARKETING_EMAIL=True)
    mailer.letters.clear()
    await campaign(server, runner, again=True)
    assert link_of(mailer, "ada@example.com") == link
    await server.client.post(link, data=FORM)
    assert (await states(server, ada))["MARKETING_EMAIL"] == "WITHDRAWN"
