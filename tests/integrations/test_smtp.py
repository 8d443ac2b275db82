"""Mail over a real SMTP server on this machine."""

from collections.abc import Generator
from dataclasses import replace
from email import message_from_bytes
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope, Session

from app.core.concerns import ConfigurationError
from app.core.ports import Letter, MailRefused
from app.integrations.mailbox import KEPT, Mailbox
from app.integrations.smtp import SmtpMailer
from tests.faults.processes import free_port

SENDER = "AnyPeople <no-reply@people.test>"
LETTER = Letter("01a20b03-cb52-745d-a1fd-7ee7c4fbf032", "ada@example.com", "Grüße", "Hello Ada", "<p>Hello Ada</p>")


class Handler:
    """Takes everything, but for what a test tells it to refuse."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.recipient_reply = "250 fine"
        self.data_reply = "250 taken"

    async def handle_RCPT(
        self, _server: Any, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.recipient_reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_reply

    async def handle_DATA(self, _server: Any, _session: Session, envelope: Envelope) -> str:
        self.envelopes.append(envelope)
        return self.data_reply


@pytest.fixture
def smtp() -> Generator[tuple[Handler, SmtpMailer], None, None]:
    handler = Handler()
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, SmtpMailer(f"smtp://127.0.0.1:{port}", SENDER, 5, allow_plain=True)
    controller.stop()


async def test_a_letter_arrives_whole(smtp: tuple[Handler, SmtpMailer]) -> None:
    handler, mailer = smtp

    await mailer.send(LETTER)

    [envelope] = handler.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("no-reply@people.test", ["ada@example.com"])
    assert isinstance(envelope.content, bytes)
    message = message_from_bytes(envelope.content)
    assert message["Message-ID"] == f"<{LETTER.id}@people.test>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in message.walk()][1:] == ["text/plain", "text/html"]


async def test_mail_that_can_be_ended_says_how(smtp: tuple[Handler, SmtpMailer]) -> None:
    """RFC 8058; a header that is folded within an address, or encoded, ends nothing."""
    handler, mailer = smtp
    address = f"https://a-rather-long-name-of-a-service.people.example/unsubscribe/{'0' * 32}"

    await mailer.send(replace(LETTER, unsubscribe=address))

    content = handler.envelopes[0].content
    assert isinstance(content, bytes)
    assert f"\r\nList-Unsubscribe: <{address}>\r\n".encode() in content
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in content


@pytest.mark.parametrize(("reply", "failure"), [("550 unknown", MailRefused), ("451 later", OSError)])
@pytest.mark.parametrize("step", ["recipient_reply", "data_reply"])
async def test_refusals_for_good_and_for_now_are_told_apart(
    smtp: tuple[Handler, SmtpMailer], step: str, reply: str, failure: type[Exception]
) -> None:
    handler, mailer = smtp
    setattr(handler, step, reply)

    with pytest.raises(failure) as raised:
        await mailer.send(LETTER)

    assert "ada@example.com" not in str(raised.value)


@pytest.mark.parametrize(
    ("reply", "code"), [("550 5.1.1 unknown", "5.1.1"), ("550 5x1", "550"), ("554 4.7.1 no", "554")]
)
async def test_a_refusal_is_known_by_its_status_code(smtp: tuple[Handler, SmtpMailer], reply: str, code: str) -> None:
    handler, mailer = smtp
    handler.recipient_reply = reply

    with pytest.raises(MailRefused) as raised:
        await mailer.send(LETTER)

    assert raised.value.code == code


async def test_a_server_without_tls_gets_nothing_where_it_must_have_it(smtp: tuple[Handler, SmtpMailer]) -> None:
    handler, mailer = smtp
    strict = SmtpMailer(f"smtp://127.0.0.1:{mailer._port}", SENDER, 5)

    with pytest.raises(OSError, match="handed over"):
        await strict.send(LETTER)

    assert handler.envelopes == []


async def test_a_server_that_is_away_is_an_os_error() -> None:
    with pytest.raises(OSError, match="handed over"):
        await SmtpMailer("smtp://127.0.0.1:1", SENDER, 2, allow_plain=True).send(LETTER)


@pytest.mark.parametrize("url", ["http://mail.test", "smtp://", "smtp://h:port", "nonsense"])
def test_an_address_that_is_none_is_refused_without_being_quoted(url: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        SmtpMailer(url, SENDER, 5)
    assert "ANYPEOPLE_SMTP_URL" in str(raised.value)


async def test_the_folder_keeps_the_latest_letters_for_its_owner_only(tmp_path: Any) -> None:
    mailbox = Mailbox(tmp_path / "mail", SENDER)
    for number in range(KEPT + 3):
        await mailbox.send(Letter(f"{number:05}", "ada@example.com", "Hello", "text", "<p>html</p>"))

    files = sorted((tmp_path / "mail").iterdir())
    assert len(files) == KEPT
    assert files[0].name == "00003.eml"
    assert files[0].stat().st_mode & 0o777 == 0o600


async def test_letters_that_lie_here_are_forgotten_by_their_ids_and_by_whom_they_are_to(tmp_path: Any) -> None:
    mailbox = Mailbox(tmp_path / "mail", SENDER)
    assert await mailbox.forget(["1"], ["ada@example.com"]) == 0, "there is no folder yet"
    for number, address in enumerate(("ada@example.com", "eve@example.com", "desk@example.com", "bada@example.com")):
        await mailbox.send(Letter(str(number), address, "ada@example.com", "to ada@example.com", "<p>html</p>"))

    assert await mailbox.forget(["2", "7"], ["ada@example.com"]) == 2

    assert sorted(path.name for path in (tmp_path / "mail").iterdir()) == ["1.eml", "3.eml"]
