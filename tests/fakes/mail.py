"""A mailer that keeps what it gets, and fails when it is told to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.core.concerns import MailSettings
from app.core.one_time import OneTimeTokens
from app.core.personal_data import Activity
from app.core.ports import Letter, Mailer
from app.mail.carriers import mail_processor
from app.mail.rendering import LetterWriter
from app.mail.replies import ReplyAddresses
from app.mail.service import PostOffice
from app.marketing.readership import Readership
from app.processors.register import Register
from app.processors.service import Gate
from tests.fakes.consents import purpose_limitation

BASE_URL = "http://people.test"
CONTACT = "help@people.test"
REPLIES = ReplyAddresses(b"r" * 32, "help@people.example")
"""Where answers to mails come back to."""


@dataclass
class FakeMailer:
    """Implements `app.core.ports.Mailer`."""

    letters: list[Letter] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    """Raised by the next calls, the last one first."""
    processor: str = "fake"
    is_local: bool = True

    async def send(self, letter: Letter) -> None:
        """Keep the letter, or fail."""
        if self.failures:
            raise self.failures.pop()
        self.letters.append(letter)

    def to(self, address: str) -> Sequence[Letter]:
        """Return the letters to an address in the order in which they were recorded: jobs send in any order."""
        return sorted((letter for letter in self.letters if letter.address == address), key=lambda letter: letter.id)

    def token(self, address: str) -> str:
        """Return the token of the latest link that was mailed to an address."""
        found = re.findall(r"token=([\w-]+)", self.to(address)[-1].text)
        return str(found[-1])


def post_office(mailer: Mailer, tokens: OneTimeTokens) -> PostOffice:
    """Return a post office that sends by it."""
    register = Register([mail_processor(MailSettings(), mailer.processor, is_local=True)])
    rechecks = {Activity.MARKETING: Readership(purpose_limitation()).has}
    return PostOffice(mailer, LetterWriter(BASE_URL, CONTACT, tokens, REPLIES), Gate(register), rechecks)
