"""Support by mail: there and back, and what is not taken."""

import base64
from uuid import UUID

import pytest

from app.core.db import execute, fetch
from app.mail.kinds import ANSWER_ABOVE
from app.mail.replies import ReplyAddresses, Side
from app.processors.register import Disclosed
from app.support.arriving import MOST_A_DAY, Taken
from app.support.errors import TooMuchMail, Unreadable
from app.support.parsing import MAX_BYTES, read
from app.support.service import contact_from, forget
from app.support.texts import MAX_MESSAGE, inquiry, of_mail, text_of_html
from app.support.threads import MAX_OF_PERSON
from app.support.topics import Topic
from tests.conftest import SignUp
from tests.fakes.carriers import DirectQueue
from tests.fakes.mail import REPLIES, FakeMailer
from tests.fakes.sweeping import swept
from tests.support.conversing import DESK, answer_to, mail, quoting, receive
from workers.runner import Runner

EVE = "eve@example.org"


@pytest.fixture
async def post(database: str, queue: DirectQueue, runner: Runner) -> DirectQueue:
    queue.work_with(runner.run)
    return queue


async def write(email: str = EVE, text: str = "I am no minor.", key: str = "once") -> None:
    await contact_from(email, inquiry(Topic.APPEAL, text), DESK, key=key, hash_key=b"k" * 32)


async def texts() -> list[tuple[str, str]]:
    rows = await fetch("SELECT author, text FROM support_messages ORDER BY id")
    return [(row["author"], row["text"]) for row in rows]


async def test_a_conversation_goes_there_and_back_by_mail(post: DirectQueue, mailer: FakeMailer) -> None:
    await write()
    await post.settle()
    [to_desk] = mailer.to(DESK.support)

    answered = mail(
        "Grace <grace@team.example>",
        answer_to(to_desk),
        quoting(to_desk, "How old are you?"),
        Message_ID="<1@team.example>",
    )
    assert [await receive(answered) for _ in range(2)] == [Taken.ANSWERED, Taken.KNOWN]
    await post.settle()
    letter = mailer.to(EVE)[-1]
    assert ("How old are you?" in letter.text, "grace" in letter.text, letter.auto_submitted) == (True, False, None)
    assert (str(to_desk.reply_to) in letter.text + letter.html, letter.references) == (False, (to_desk.id,))

    assert letter.reply_to != to_desk.reply_to
    told = mail(EVE.upper(), answer_to(letter).upper(), quoting(letter, "I am 40."), Message_ID="<2@example.org>")
    assert await receive(told) is Taken.CONTINUED
    await post.settle()
    last = mailer.to(DESK.support)[-1]
    assert ("I am 40." in last.text, "How old are you?" in last.text, last.reply_to) == (True, False, to_desk.reply_to)
    assert last.references[-1] == "1@team.example"
    assert await texts() == [("PERSON", "I am no minor."), ("STAFF", "How old are you?"), ("PERSON", "I am 40.")]
    assert [row["state"] for row in await fetch("SELECT state FROM support_threads")] == ["OPEN"]

    rows = await fetch("SELECT DISTINCT processor, categories FROM disclosures")
    assert [(row["processor"], row["categories"]) for row in rows] == [("fake", f'["{Disclosed.ADDRESS}"]')]


async def test_a_token_alone_opens_nothing(post: DirectQueue, mailer: FakeMailer, person: SignUp) -> None:
    await person("ada")
    await post.settle()
    mailer.letters.clear()
    await write("ada@example.com", "Something private.")
    await post.settle()
    [confirmation] = mailer.to("ada@example.com")
    [row] = await fetch("SELECT id FROM support_threads")

    stolen = mail("mallory@example.org", answer_to(confirmation), "I am Ada.", Message_ID="<1@example.org>")
    assert await receive(stolen) is Taken.OPENED
    forged = ReplyAddresses(b"x" * 32, REPLIES.mailbox).address(row["id"], Side.STAFF)
    assert await receive(mail("mallory@example.org", forged, "Send me your password.")) is Taken.NOT_FOR_US
    named = mail("ada@example.com", DESK.support, "Not from Ada, perhaps.", Subject="Your thread")
    assert await receive(named) is Taken.OPENED
    await post.settle()

    found = await fetch("SELECT address, subject, state, person_id FROM support_threads ORDER BY id")
    assert [(each["address"], each["person_id"]) for each in found] == [
        ("ada@example.com", None),
        ("mallory@example.org", None),
        ("ada@example.com", None),
    ]
    assert [
        letter.text
        for letter in mailer.letters
        if "Something private." in letter.text and letter.address != DESK.support
    ] == []
    assert [len(mailer.to(each)) for each in ("mallory@example.org", "ada@example.com")] == [1, 1]
    own = await fetch("SELECT text FROM support_messages WHERE thread_id = $1", row["id"])
    assert [each["text"] for each in own] == ["Something private."]


AUTOMATIC = (
    {"Auto_Submitted": "auto-replied"},
    {"Auto_Submitted": "auto-generated (failure)"},
    {"Precedence": "bulk"},
    {"Precedence": "auto_reply"},
    {"List_Id": "<news.example.org>"},
    {"Return_Path": "<>"},
    {"X_Spam_Flag": "YES"},
    {"Message_ID": "<0199aaaa-0000-7000-8000-00000000000a@people.example>"},
)


async def test_no_program_is_answered(post: DirectQueue, mailer: FakeMailer) -> None:
    await write()
    await post.settle()
    [confirmation], before = mailer.to(EVE), len(mailer.letters)
    for fields in AUTOMATIC:
        for to in (DESK.support, answer_to(confirmation)):
            assert await receive(mail(EVE, to, "I am away.", **fields)) is None, fields
    for sender in (DESK.support, "no-reply@people.example"):
        assert await receive(mail(sender, DESK.support, "A loop.")) is Taken.NOT_FOR_US
    assert await receive(mail(EVE, "somebody@people.example", "Hello")) is Taken.NOT_FOR_US
    await post.settle()
    assert (len(mailer.letters), await texts()) == (before, [("PERSON", "I am no minor.")])


async def test_mail_is_paced_and_threads_have_an_end(post: DirectQueue) -> None:
    for number in range(MOST_A_DAY):
        assert await receive(mail(EVE, DESK.support, f"Number {number}")) is Taken.OPENED
    with pytest.raises(TooMuchMail):
        await receive(mail(EVE, DESK.support, "One more"))
    assert len(await texts()) == MOST_A_DAY
    assert len(await fetch("SELECT 1 FROM mails WHERE address = $1", EVE)) == 1, "told once a day that they arrived"

    [row] = await fetch("SELECT id FROM support_threads ORDER BY id LIMIT 1")
    await execute(
        """INSERT INTO support_messages (id, thread_id, author, text, created_at)
           SELECT gen_random_uuid(), $1, 'PERSON', 'more', now() - interval '2 days' FROM generate_series(1, $2)""",
        row["id"],
        MAX_OF_PERSON,
    )
    await execute("UPDATE support_messages SET created_at = now() - interval '2 days'")
    full = REPLIES.address(row["id"], Side.PERSON)
    assert await receive(mail(EVE, full, "And another thing")) is Taken.OPENED


async def test_what_was_written_goes_a_year_after_the_last_message_or_when_it_is_asked(post: DirectQueue) -> None:
    await write()
    await write("mallory@example.org")
    await execute("UPDATE support_threads SET last_message_at = now() - interval '364 days'")
    assert await swept("support_threads") == 0
    await execute("UPDATE support_threads SET last_message_at = now() - interval '366 days' WHERE address = $1", EVE)
    assert await swept("support_threads") == 1
    assert len(await texts()) == 1

    assert await forget("MALLORY@example.org") == 1
    assert await texts() == []
    kept = await fetch("SELECT address, values FROM mails")
    assert {row["address"] for row in kept} == {EVE, DESK.support}
    assert [row for row in kept if "mallory" in row["values"]] == []


def test_bombs_and_garbage_cost_little_and_leave_the_text() -> None:
    big = base64.encodebytes(b"PK\x03\x04" + bytes(6_000_000))
    head = b"From: eve@example.org\nTo: support@people.example\n"
    kind = b'Content-Type: multipart/mixed; boundary="b"\n\n'
    text = b"--b\nContent-Type: text/plain; charset=unknown-8bit\n\nHello \xff\xfe\n"
    zipped = b"--b\nContent-Type: application/zip\nContent-Transfer-Encoding: base64\n\n" + big
    assert read(head + kind + text + zipped + b"--b--\n").text == "Hello ��\n\n[Not kept: 1 attachment.]"

    many = read(head + kind + text + b"--b\nContent-Type: image/png\n\nx\n" * 5_000 + b"--b--\n")
    assert many.text.endswith("[Not kept: 49 attachments.]")
    nested = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(20_000))
    assert read(head + nested).text == "[Not kept: 1 attachment.]"
    unreadable = (
        head + kind,
        b"",
        b"\n\n",
        b"From: a@b\n\nx",
        b"From: eve@example.org, mallory@example.org\n\nWho?",
        head + b"X: " + b"y" * 100_000 + b"\n\nx",
        head + b"\n" + b"x" * MAX_BYTES,
    )
    for content in unreadable:
        with pytest.raises(Unreadable):
            read(content)

    for charset in (b"punycode", b"idna", b"utf-7", b"rot13", b"x" * 900, b"utf-8''%zz"):
        mail = head + b"Content-Type: text/plain; charset=" + charset + b"\n\n" + b"a-" * 200_000
        assert len(read(mail).text) <= MAX_MESSAGE
    subject = b"Subject: =?idna?q?xn--a?= =?nope?b?%%?=\x00\r\n\tfolded\n"
    evil = read(head + subject + b"Message-ID: <a b\xff>\n\nHi\x00\x1b[31m")
    assert (evil.text, evil.message_id, "\n" in evil.subject) == ("Hi[31m", None, False)


def test_html_is_read_as_words_and_what_is_quoted_is_left_out() -> None:
    html = "<html><head><style>p{}</style></head><p>Fish &amp; chips<br>are <b>good</b></p><script>alert(1)</script>"
    assert text_of_html(html).split() == ["Fish", "&", "chips", "are", "good"]
    page = (
        b"From: eve@example.org\nContent-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n<p>caf=C3=A9"
    )
    assert read(page).text == "café"
    quoted = f"Yes, at 10:\nor 11.\n\nAm 3. Mai 2031 um 10:00 schrieb Support:\n> {ANSWER_ABOVE}\n> secret"
    assert of_mail(quoted, 0) == "Yes, at 10:\nor 11."
    assert of_mail(f"{ANSWER_ABOVE}\nbelow", 0) == ""
    assert of_mail("No quote. It costs 3:", 0) == "No quote. It costs 3:"
    token = REPLIES.address(UUID(int=1), Side.STAFF)
    assert of_mail(f"Write to {token}", 0) == "Write to help@people.example"
    assert len(of_mail("long " * 5_000, 2)) <= MAX_MESSAGE
