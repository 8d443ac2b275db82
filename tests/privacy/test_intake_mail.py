"""A right asked for by mail: from somebody unknown, somebody known, in somebody's name, with a bomb, by a program."""

import base64
from datetime import timedelta

import httpx
import pytest

from app.core.db import execute, fetch
from app.privacy.errors import RequestEnded
from app.privacy.proofs import AGAIN_AFTER, PROOF_LASTS, expire
from app.support.arriving import Taken
from tests.fakes.browsing import browsing, send_form
from tests.fakes.mail import FakeMailer
from tests.fakes.privacy import OFFICE
from tests.fakes.server import RunningServer
from tests.privacy.asking import own
from tests.support.conversing import DESK, mail, receive
from tests.support.test_mail import AUTOMATIC

ADA, EVE = "ada@example.com", "eve@example.org"
WORDS = "Do not sell my personal information."
VERIFY, STATUS = "/requests/verify", "/requests/status"


async def ask(sender: str = EVE, text: str = WORDS, **fields: str) -> Taken | None:
    return await receive(mail(sender, DESK.privacy, text, **fields))


async def rows(of: str = "privacy_requests") -> list[dict[str, object]]:
    return [dict(row) for row in await fetch(f"SELECT * FROM {of} ORDER BY id")]


async def follow(browser: httpx.AsyncClient, token: str, decision: str = "prove") -> httpx.Response:
    """Open a link, and press one of its buttons."""
    return await send_form(browser, VERIFY, {"token": token, "decision": decision}, {"token": token})


async def test_an_unknown_address_shows_that_it_is_its_own_and_gets_an_honest_answer(
    server: RunningServer, mailer: FakeMailer
) -> None:
    assert await ask(Message_ID="<1@example.org>") is Taken.ASKED
    await server.queue.settle()
    [to_officer], [letter] = mailer.to(DESK.privacy), mailer.to(EVE)
    assert (to_officer.subject, WORDS in to_officer.text) == ("Privacy request", True)
    assert (WORDS in letter.text + letter.html, letter.auto_submitted, letter.references) == (
        False,
        "auto-replied",
        ("1@example.org",),
    )
    [thread] = await rows("support_threads")
    assert (thread["topic"], thread["privacy_right"]) == ("PRIVACY_REQUEST", "OPT_OUT_OF_SALE")
    [waiting] = await rows()
    assert (waiting["status"], waiting["channel"], waiting["regime"], waiting["due_at"]) == (
        *("AWAITING_VERIFICATION", "MAIL", "OTHER"),
        None,
    )

    token = mailer.token(EVE)
    async with browsing(server) as browser:
        page = await browser.get(VERIFY, params={"token": token})
        assert ("No account has confirmed this address" in page.text, WORDS in page.text) == (True, False)
        assert (await rows())[0]["status"] == "AWAITING_VERIFICATION", "opening a link changes nothing"
        stranger = await browser.post(VERIFY, data={"token": token, "decision": "prove"})
        assert (stranger.status_code, (await rows())[0]["status"]) == (422, "AWAITING_VERIFICATION")

        proved = await follow(browser, token)
        assert (proved.status_code, proved.headers["location"].split("?")[0]) == (303, STATUS)
        await server.queue.settle()
        shown = await browser.get(proved.headers["location"])
        assert all(words in shown.text for words in ("It is done.", "<progress", "Look through: disclosures, done (0)"))
        receipt = await browser.get(proved.headers["location"].replace("status", "receipt"))
        assert receipt.headers["content-disposition"] == 'attachment; filename="anypeople-receipt.jwt"'
        again = await browser.get(VERIFY, params={"token": token})
        assert (again.status_code, "was used" in again.text) == (404, True), "a link works once"
    [done] = await rows()
    assert (done["status"], done["receipt"], done["subject_id"]) == ("COMPLETED", receipt.text, None)
    assert [each.subject for each in mailer.to(EVE)[1:]] == [
        "Your privacy request is under way",
        "Your privacy request is done",
    ]


async def test_a_known_address_gets_the_same_words_and_its_account_is_meant_once_it_is_shown(
    server: RunningServer, mailer: FakeMailer
) -> None:
    ada = await server.sign_up("ada")
    mailer.letters.clear()
    for sender in (ADA, EVE):
        assert await ask(sender) is Taken.ASKED
    await server.queue.settle()
    [known], [unknown] = mailer.to(ADA), mailer.to(EVE)
    assert known.subject == unknown.subject
    tokens = [mailer.token(address) for address in (ADA, EVE)]
    assert known.text.replace(tokens[0], "") == unknown.text.replace(tokens[1], ""), "nothing tells who has an account"
    assert await own(server, ada) == [], "nobody writes into an account by mail"

    async with browsing(server) as browser:
        await follow(browser, tokens[0])
    await server.queue.settle()
    [request] = await own(server, ada)
    assert (request["status"], request["channel"], len(request["steps"])) == ("COMPLETED", "MAIL", 1)
    log = await fetch("SELECT action FROM audit_entries WHERE action LIKE 'PRIVACY%' ORDER BY id")
    assert [each["action"] for each in log] == ["PRIVACY_REQUESTED", "PRIVACY_COMPLETED"]


async def test_a_letter_in_anothers_name_does_nothing_but_ask_them(server: RunningServer, mailer: FakeMailer) -> None:
    ada = await server.sign_up("ada")
    mailer.letters.clear()
    forged = mail(ADA, DESK.privacy, WORDS, Reply_To="mallory@example.org", Sender="mallory@example.org")
    assert await receive(forged) is Taken.ASKED
    await server.queue.settle()
    assert {letter.address for letter in mailer.letters} == {DESK.privacy, ADA}

    async with browsing(server) as browser:
        ended = await follow(browser, mailer.token(ADA), "decline")
        assert "what was said in it is deleted" in ended.text
        assert (await follow_again(browser, mailer.token(ADA))).status_code == 404
    [row] = await rows()
    assert (row["status"], row["subject_id"], await rows("privacy_request_details")) == ("CANCELED", None, [])
    await server.queue.settle()
    assert len(mailer.to(ADA)) == 1
    assert await own(server, ada) == []
    assert await fetch("SELECT 1 FROM audit_entries WHERE action LIKE 'PRIVACY%'") == []


async def follow_again(browser: httpx.AsyncClient, token: str) -> httpx.Response:
    return await browser.get(VERIFY, params={"token": token})


async def test_a_bomb_is_never_opened(server: RunningServer) -> None:
    head = f"From: {EVE}\nTo: {DESK.privacy}\n".encode() + b'Content-Type: multipart/mixed; boundary="b"\n\n'
    words = b"--b\nContent-Type: text/plain\n\n" + WORDS.encode() + b"\n"
    bomb = b"--b\nContent-Type: application/zip\nContent-Transfer-Encoding: base64\n\n"
    bomb += base64.encodebytes(b"PK\x03\x04" + bytes(6_000_000))
    nested = b"--b\nContent-Type: message/rfc822\n\nSubject: erase my account\n\nDelete my account.\n" * 60
    assert await receive(head + words + bomb + nested + b"--b--\n") is Taken.ASKED
    [said] = await rows("privacy_request_details")
    assert WORDS in str(said["content"])
    assert len(str(said["content"])) < 1_000, "nothing of what was attached is kept, or read"


async def test_no_loop_begins_and_nobody_is_flooded(server: RunningServer, mailer: FakeMailer) -> None:
    for fields in AUTOMATIC:
        assert await ask(**fields) is None, fields
    assert await ask("no-reply@people.example") is Taken.NOT_FOR_US
    assert await ask(DESK.privacy) is Taken.NOT_FOR_US
    assert (await rows(), mailer.letters) == ([], [])

    assert [await ask(text=f"{WORDS} {number}.") for number in range(4)] == [Taken.ASKED] * 4
    await server.queue.settle()
    assert (len(await rows()), len(mailer.to(EVE)), len(mailer.to(DESK.privacy))) == (1, 1, 4)
    away = mail(EVE, "no-reply@people.example", mailer.to(EVE)[0].text, Auto_Submitted="auto-replied")
    assert await receive(away) is None
    unmarked = mail(EVE, "no-reply@people.example", f"{WORDS} I am away.")
    assert await receive(unmarked) is Taken.NOT_FOR_US, "no mail of ours has an address that takes such an answer"

    await execute("UPDATE privacy_request_details SET link_mailed_at = link_mailed_at - $1::interval", AGAIN_AFTER)
    await ask(text=f"{WORDS} Where is the link?")
    await server.queue.settle()
    assert (len(await rows()), len(mailer.to(EVE))) == (1, 2), "who lost the mail gets it again, for the same request"


async def test_what_nobody_confirms_ends_by_the_clock_and_nothing_of_it_stays(
    server: RunningServer, mailer: FakeMailer
) -> None:
    await ask()
    await server.queue.settle()
    [waiting] = await fetch("SELECT id FROM privacy_requests")
    with pytest.raises(RequestEnded):
        await expire(waiting["id"], OFFICE)
    late = PROOF_LASTS + timedelta(seconds=1)
    await execute("UPDATE privacy_requests SET received_at = received_at - $1::interval", late)
    async with browsing(server) as browser:
        spent = await follow_again(browser, mailer.token(EVE))
        assert (spent.status_code, "is deleted" in spent.text) == (404, True)
    await expire(waiting["id"], OFFICE)
    [row] = await rows()
    assert (row["status"], row["finished_at"] is None, await rows("privacy_request_details")) == ("EXPIRED", False, [])
    await server.queue.settle()
    assert len(mailer.to(EVE)) == 1, "an address that never answered is left alone"

    await ask(text=f"{WORDS} Now.")
    await execute(
        "UPDATE privacy_requests SET received_at = received_at - $1::interval WHERE status <> 'EXPIRED'", late
    )
    await ask(text=f"{WORDS} Again.")
    assert [each["status"] for each in await rows()] == ["EXPIRED", "EXPIRED", "AWAITING_VERIFICATION"]


@pytest.mark.parametrize("words", ["How do I delete my account?", "Copy of my data. Then delete my account."])
async def test_what_is_unsure_is_read_by_a_person(server: RunningServer, mailer: FakeMailer, words: str) -> None:
    assert await ask(text=words) is Taken.OPENED
    await server.queue.settle()
    assert (await rows(), "token=" in mailer.to(EVE)[0].text) == ([], False)
