"""Mail is recorded with what it is about, sent once it has committed, and forgotten after a week."""

import time
from string import Formatter
from uuid import UUID

import pytest

from app.core.concerns import MailSettings
from app.core.db import execute, fetch, transaction
from app.core.one_time import OneTimeTokens
from app.core.personal_data import Activity, Basis
from app.core.ports import Letter, MailRefused
from app.integrations.composing import message_of
from app.mail.bounces import bounce_of
from app.mail.carriers import mail_processor
from app.mail.english import ENGLISH
from app.mail.english.privacy import ERASURE, PRIVACY
from app.mail.kinds import MailKind
from app.mail.rendering import LetterWriter
from app.mail.service import record_bounce, record_mail
from tests.fakes.carriers import DirectQueue
from tests.fakes.mail import REPLIES, FakeMailer
from tests.fakes.sweeping import swept
from workers.runner import Runner

ACCOUNT = Activity.ACCOUNT_MANAGEMENT
TOKENS = OneTimeTokens(b"k" * 32)
WRITER = LetterWriter("https://people.test", "help@people.test", TOKENS, REPLIES)
REPORT = b"""From: MAILER-DAEMON@mx.test
To: no-reply@people.test
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="x"

--x
Content-Type: text/plain

It did not work.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.test

Final-Recipient: rfc822; ada@example.com
Action: %(action)s
Status: %(status)s
--x
Content-Type: text/rfc822-headers

From: no-reply@people.test
Message-ID: <%(id)s@people.test>
--x--
"""


async def state() -> list[tuple[str, str | None]]:
    return [(row["state"], row["reply_code"]) for row in await fetch("SELECT state, reply_code FROM mails")]


@pytest.fixture
async def post(database: str, queue: DirectQueue, runner: Runner) -> DirectQueue:
    queue.work_with(runner.run)
    return queue


class Undone(Exception):
    """Rolls back."""


async def write_and_fail() -> None:
    async with transaction():
        await record_mail(MailKind.NO_ACCOUNT, "eve@example.com", person=None)
        raise Undone


async def write() -> None:
    async with transaction():
        await record_mail(MailKind.NO_ACCOUNT, "ada@example.com", person=None)


async def test_a_mail_is_sent_once_its_transaction_has_committed(post: DirectQueue, mailer: FakeMailer) -> None:
    with pytest.raises(Undone):
        await write_and_fail()
    await write()
    await post.settle()

    assert [letter.address for letter in mailer.letters] == ["ada@example.com"]
    assert await state() == [("SENT", None)]


async def test_a_refusal_for_good_is_recorded_and_not_tried_again(post: DirectQueue, mailer: FakeMailer) -> None:
    mailer.failures = [MailRefused("550")]
    await write()
    await post.settle()

    assert mailer.letters == []
    assert await state() == [("BOUNCED", "550")]
    assert [row["state"] for row in await fetch("SELECT state FROM jobs")] == ["SUCCEEDED"]


async def test_a_server_that_is_away_is_asked_again(post: DirectQueue, mailer: FakeMailer, runner: Runner) -> None:
    mailer.failures = [OSError("away")]
    await write()
    await post.settle()
    assert await state() == [("QUEUED", None)]

    [row] = await fetch("UPDATE jobs SET run_after = now() RETURNING id, attempt")
    await runner.run(row["id"], row["attempt"])

    assert len(mailer.letters) == 1
    assert await state() == [("SENT", None)]


async def test_mail_that_cannot_be_sent_ends(post: DirectQueue, mailer: FakeMailer, runner: Runner) -> None:
    mailer.failures = [OSError("away")] * 20
    await write()
    await post.settle()
    while rows := await fetch("UPDATE jobs SET run_after = now() WHERE state = 'QUEUED' RETURNING id, attempt"):
        await runner.run(rows[0]["id"], rows[0]["attempt"])

    assert await state() == [("FAILED", None)]
    assert [row["state"] for row in await fetch("SELECT state FROM jobs")] == ["FAILED"]


async def test_mail_is_forgotten_a_week_after_it_ended(post: DirectQueue) -> None:
    await write()
    await post.settle()
    assert await swept("mails") == 0
    await execute("UPDATE mails SET ended_at = now() - interval '8 days'")

    assert await swept("mails") == 1
    assert await state() == []


OURS = {
    "document": "privacy policy",
    "date": "1 May 2031",
    "folder": "privacy",
    "version": "2031-05-01",
    "subject": "What is new",
    "topic": "A question",
    "left": "3 days",
}
"""Values that nobody but us chooses."""


def test_every_mail_is_written_for_something() -> None:
    others = {kind: wording.activity for kind, wording in ENGLISH.items() if wording.activity is not ACCOUNT}

    assert ENGLISH.keys() == set(MailKind)
    assert others == {
        MailKind.DOCUMENT_CHANGES: Activity.LEGAL_COMPLIANCE,
        MailKind.DOCUMENT_CHANGES_AND_ASKS: Activity.LEGAL_COMPLIANCE,
        MailKind.NEWS: Activity.MARKETING,
        MailKind.PRIVACY_MESSAGE: Activity.LEGAL_COMPLIANCE,
        MailKind.PRIVACY_RECEIVED: Activity.LEGAL_COMPLIANCE,
        MailKind.PRIVACY_ANSWER: Activity.LEGAL_COMPLIANCE,
        MailKind.LEGAL_DISCLOSURE: Activity.LEGAL_COMPLIANCE,
        **dict.fromkeys((*PRIVACY, *ERASURE), Activity.LEGAL_COMPLIANCE),
    }


def test_a_company_carries_news_only_where_its_agreement_covers_them() -> None:
    said = {"smtp_operator": "Post Ltd", "smtp_country": "IE", "smtp_transfer": "INSIDE_EEA", "smtp_dpa": "DPA 7"}
    without, covered = (MailSettings(**said, smtp_marketing=covers) for covers in (False, True))  # type: ignore[arg-type]
    ours = mail_processor(MailSettings(), "mailbox", is_local=True)

    assert mail_processor(without, "smtp", is_local=False).activities == {ACCOUNT, Activity.LEGAL_COMPLIANCE}
    assert mail_processor(covered, "smtp", is_local=False).activities == ours.activities
    assert Activity.MARKETING in ours.activities


@pytest.mark.parametrize("kind", MailKind)
def test_every_mail_can_be_written_and_loads_nothing(kind: MailKind) -> None:
    ticket = UUID(int=7)
    wording = ENGLISH[kind]
    names = {name for paragraph in wording.paragraphs for _, name, _, _ in Formatter().parse(paragraph) if name}
    values = {**dict.fromkeys(names, "<b>Ada</b> & {0.__class__}"), **OURS}

    letter = WRITER.write(ticket, "ada@example.com", kind, values, ticket)

    assert "help@people.test" in letter.text
    assert "help@people.test" in letter.html
    assert "{" not in letter.subject
    assert "<b>" not in letter.html
    assert not [bad for bad in ("<img", "<script", "@import", "url(", "<link") if bad in letter.html]
    links = [part.split('"')[0] for part in letter.html.split('href="')[1:]]
    assert all(link.startswith("https://people.test/") for link in links)
    asked_for = wording.activity.basis is Basis.CONSENT
    assert len(links) == (1 if wording.path or wording.page or asked_for else 0)
    assert letter.unsubscribe == (f"https://people.test/unsubscribe/{ticket.hex}" if asked_for else None)
    assert letter.unsubscribe is None or (letter.unsubscribe in letter.text and [letter.unsubscribe] == links)


async def test_a_bounce_that_comes_later_is_recorded(post: DirectQueue) -> None:
    await write()
    await post.settle()
    [row] = await fetch("SELECT id FROM mails")

    found = bounce_of(REPORT % {b"action": b"failed", b"status": b"5.1.1", b"id": str(row["id"]).encode()})

    assert found == (row["id"], "5.1.1")
    assert await record_bounce(*found)
    assert await state() == [("BOUNCED", "5.1.1")]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\x00" * 100,
        b"Subject: Hello\n\nHow do you do?",
        REPORT % {b"action": b"delayed", b"status": b"4.2.2", b"id": b"01a20b03-cb52-745d-a1fd-7ee7c4fbf032"},
        REPORT % {b"action": b"failed", b"status": b"5.1.1", b"id": b"somebody-elses"},
        REPORT % {b"action": b"failed", b"status": b"nonsense", b"id": b"01a20b03-cb52-745d-a1fd-7ee7c4fbf032"},
        REPORT % {b"action": b"failed", b"status": b"5.1.1", b"id": b"-" * 36},
    ],
)
def test_what_is_no_bounce_of_ours_is_left_alone(content: bytes) -> None:
    assert bounce_of(content) is None


@pytest.mark.parametrize(
    "content",
    [
        b"Content-Type: multipart/report; " + b"a*0=x;" * 40_000,
        b"Content-Type: " + b"(" * 250_000,
        b"Content-Type: multipart/report; boundary=" + b'"' * 250_000,
        b"".join(b'Content-Type: multipart/report; boundary="%d"\n\n--%d\n' % (n, n) for n in range(4_000)),
        b"Content-Type: multipart/report; boundary=b\n\n--b\n" + b"Content-Type: message/rfc822\n\n" * 8_000,
        b"Content-Type: multipart/report; boundary=b\n\n" + b"--b\nContent-Type: message/rfc822\n\nx\n" * 7_000,
    ],
    ids=["parameters", "comments", "quotes", "nested reports", "nested messages", "parts"],
)
def test_no_bounce_takes_long_or_fails(content: bytes) -> None:
    """Anybody may send one; some of these took minutes, others ended in a RecursionError."""
    began = time.process_time()
    assert bounce_of(content) is None
    assert time.process_time() - began < 1


def test_a_bounce_may_have_the_line_ends_of_the_network() -> None:
    report = REPORT % {b"action": b"failed", b"status": b"5.1.1", b"id": str(UUID(int=7)).encode()}
    assert bounce_of(report.replace(b"\n", b"\r\n")) == (UUID(int=7), "5.1.1")


@pytest.mark.parametrize(
    ("address", "header"),
    [
        ("ada@exämple.com", "ada@xn--exmple-cua.com"),
        ("ada@straße.de", "ada@xn--strae-oqa.de"),
        ("ada@a.de", "ada@a.de"),
    ],
)
def test_mail_reaches_a_domain_of_any_script(address: str, header: str) -> None:
    """RFC 5322 knows no other letters in an address; RFC 2047 forbids to encode them as words."""
    message = message_of(Letter("1", address, "s", "t", "<p>t</p>"), "AnyPeople <no-reply@people.test>")
    assert f"To: {header}\n".encode() in message.as_bytes()


@pytest.mark.parametrize("kind", [MailKind.CONFIRM_EMAIL, MailKind.CHANGE_EMAIL])
def test_no_stranger_writes_into_what_an_unconfirmed_address_gets(kind: MailKind) -> None:
    """Whoever signs up with another's address would else choose words of ours, such as the name of a site."""
    assert not [paragraph for paragraph in ENGLISH[kind].paragraphs if "{name}" in paragraph]


def test_a_token_is_good_for_its_row_and_key_only() -> None:
    ticket = UUID(int=7)
    token = TOKENS.token(ticket)

    assert TOKENS.ticket(token) == ticket
    assert OneTimeTokens(b"x" * 32).ticket(token) is None
    assert TOKENS.ticket(token[:-1] + ("A" if token[-1] != "A" else "B")) is None
    assert TOKENS.ticket(token + "A") is None
