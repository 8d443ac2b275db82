"""The mails of a thread: to whoever reads support, and to the person. All in the caller's transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app.core.days import day
from app.core.db import fetch_one
from app.core.personal_data import Activity
from app.mail.kinds import MailKind
from app.mail.replies import Side
from app.mail.service import record_mail
from app.support.threads import Thread, references
from app.support.topics import RIGHTS, TOPICS

CONFIRMED_ONCE_IN = timedelta(days=1)
"""An address that nobody confirmed is told that its messages arrived once in this time (RFC 3834, 2)."""
UNSAID = "They did not say."


@dataclass(frozen=True, slots=True)
class Desk:
    """Who reads what people write."""

    support: str
    privacy: str


_KINDS: Mapping[Activity, tuple[MailKind, MailKind, MailKind]] = {
    Activity.ACCOUNT_MANAGEMENT: (MailKind.SUPPORT_MESSAGE, MailKind.SUPPORT_RECEIVED, MailKind.SUPPORT_ANSWER),
    Activity.LEGAL_COMPLIANCE: (MailKind.PRIVACY_MESSAGE, MailKind.PRIVACY_RECEIVED, MailKind.PRIVACY_ANSWER),
}


async def tell_desk(thread: Thread, text: str, desk: Desk) -> UUID:
    """Record the mail that brings a message to whoever reads support, or privacy requests; return its id."""
    message, _, _ = _KINDS[thread.topic.activity]
    private = thread.topic.activity is Activity.LEGAL_COMPLIANCE
    values = {
        "sender": _sender(thread),
        "topic": TOPICS[thread.topic],
        "right": RIGHTS[thread.right] if thread.right else UNSAID,
        "received": day(thread.created_at),
        "subject": thread.subject,
        "text": text,
        "references": " ".join(await references(thread, Side.STAFF)),
    }
    to = desk.privacy if private else desk.support
    return await record_mail(message, to, person=thread.person, values=values, ticket=thread.id)


async def confirm(thread: Thread) -> None:
    """Record the mail that says that a message arrived; none to an address that nobody confirmed and that had one."""
    if thread.address is None or (thread.person is None and await _had_one(thread)):
        return
    _, received, _ = _KINDS[thread.topic.activity]
    values = {"references": " ".join(await references(thread, Side.PERSON))}
    await record_mail(received, thread.address, person=thread.person, values=values, ticket=thread.id)


async def send_answer(thread: Thread, text: str) -> UUID | None:
    """Record the mail that brings an answer to the person; return its id, or None where no address is known."""
    if thread.address is None:
        return None
    _, _, answer = _KINDS[thread.topic.activity]
    values = {"text": text, "references": " ".join(await references(thread, Side.PERSON))}
    return await record_mail(answer, thread.address, person=thread.person, values=values, ticket=thread.id)


def _sender(thread: Thread) -> str:
    """Return who is said to have written: whoever decides about an account has to know whether that was shown."""
    if thread.address is None:
        return "Somebody without a confirmed address"
    return thread.address if thread.person else f"Somebody who says that {thread.address} is their address"


async def _had_one(thread: Thread) -> bool:
    row = await fetch_one(
        """SELECT id FROM support_threads
           WHERE address = $1 AND id <> $2 AND created_at > now() - $3::interval LIMIT 1""",
        thread.address,
        thread.id,
        CONFIRMED_ONCE_IN,
    )
    return row is not None
