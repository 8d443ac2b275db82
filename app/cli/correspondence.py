"""`anypeople mail` and `anypeople support`: what a mail server hands over, and what only the operator does."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.utils import parseaddr
from typing import TypeVar

from app.cli.supervisor import database
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.db import connected
from app.core.keys import derive
from app.mail.bounces import bounce_of
from app.mail.replies import ReplyAddresses
from app.mail.service import record_bounce
from app.privacy.office import Office
from app.privacy.strangers import ThreadRequests
from app.support.arriving import LetterBox, arrive
from app.support.errors import TooMuchMail, Unreadable
from app.support.letters import Desk
from app.support.parsing import MAX_BYTES, is_automatic, read
from app.support.service import forget

__all__ = ["MAX_BYTES", "Receipt", "forget_address", "receive"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a mail server is told: a code of sysexits.h, and words for its log that name nobody."""

    code: int
    words: str


def receive(settings: Settings, content: bytes) -> Receipt:
    """Take a message: a bounce is recorded, a letter to support goes where it belongs.

    Raises AppError, EmbeddedError, and what a database that is away raises: the message is to be sent again.
    """
    try:
        bounce = bounce_of(content)
        if bounce is not None:
            known = _connected(settings, lambda: record_bounce(*bounce))
            return Receipt(os.EX_OK, "Recorded." if known else "Ignored: this mail is not ours, or forgotten.")
        if is_automatic(content, parseaddr(settings.mail.mail_from)[1].rpartition("@")[2]):
            return Receipt(os.EX_OK, "Ignored: no person sent this, or a list did.")
        mail = read(content)
        taken = _connected(settings, lambda: arrive(mail, letter_box(settings)))
        return Receipt(os.EX_OK, f"Taken: {taken.value}.")
    except Unreadable as error:
        return Receipt(os.EX_DATAERR, error.message)
    except TooMuchMail as error:
        return Receipt(os.EX_TEMPFAIL, error.message)


def letter_box(settings: Settings) -> LetterBox:
    """Compose where mail arrives. Raises ConfigurationError."""
    mail, secret = settings.mail, settings.security.key
    replies = ReplyAddresses(derive(secret, "support-replies"), mail.support_mailbox)
    desk, sender = Desk(mail.support_mailbox, mail.contact_email), parseaddr(mail.mail_from)[1]
    requests = ThreadRequests(Office.configured(SystemClock(), mail.contact_email))
    return LetterBox(desk, replies, sender, derive(secret, "support-sources"), requests)


def forget_address(settings: Settings, address: str) -> int:
    """Delete what an address without an account wrote; return how many threads. Raises AppError, EmbeddedError."""
    return _connected(settings, lambda: forget(address))


def _connected(settings: Settings, work: Callable[[], Awaitable[T]]) -> T:
    async def do(url: str) -> T:
        async with connected(url, pool_size=1):
            return await work()

    with database(settings) as url:
        return asyncio.run(do(url))
