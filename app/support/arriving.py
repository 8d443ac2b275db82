"""Commands: take a mail that arrived. It goes on with a thread, answers one, or opens one.

A thread is reached by the token in the address that it was sent to, which only one side was given; a person's also has
to come from the thread's own address. Whoever has neither reads nothing, and writes nothing but a thread of their own.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from uuid import UUID

import orjson

from app.core.db import fetch_one, transaction
from app.core.keys import keyed_hash
from app.mail.replies import ReplyAddresses, Side
from app.support.errors import ThreadFull, ThreadNotFound, TooMuchMail, Unreadable
from app.support.handover import PrivacyRequests
from app.support.letters import Desk, confirm
from app.support.parsing import Arrived
from app.support.service import take
from app.support.staff import add_answer
from app.support.threads import Inquiry, Source, Thread, check_room, insert, is_known, locked
from app.support.topics import Topic

MOST_A_DAY = 20
"""Mails of one address. What it sends beyond that is to be sent again later."""
DAY = timedelta(days=1)


class Taken(Enum):
    """What was done with a mail."""

    OPENED = "a thread was opened"
    ASKED = "a thread was opened, and a privacy request that the address is to confirm"
    CONTINUED = "a thread goes on"
    ANSWERED = "an answer is on its way"
    KNOWN = "it came before"
    NOT_FOR_US = "it was sent to no address that is read here"


@dataclass(frozen=True, slots=True)
class LetterBox:
    """Where mail arrives."""

    desk: Desk
    replies: ReplyAddresses
    sender: str
    """The address that we send from: what claims to come from it, or from the desk, opens nothing."""
    hash_key: bytes
    requests: PrivacyRequests


async def arrive(mail: Arrived, box: LetterBox) -> Taken:
    """Do what a mail is for, once.

    Raises TooMuchMail for what may be sent again later, and Unreadable for an answer of staff that answers nothing.
    """
    said = orjson.dumps([mail.sender, mail.message_id or mail.text])
    source = Source(keyed_hash(box.hash_key, said).hex(), mail.message_id)
    named = [found for address in sorted(mail.recipients) if (found := box.replies.named(address))]
    async with transaction():
        if await is_known(source.hash):
            return Taken.KNOWN
        if answered := next((thread_id for thread_id, side in named if side is Side.STAFF), None):
            return await _answer(answered, mail, source)
        continued = next((thread_id for thread_id, side in named if side is Side.PERSON), None)
        thread = await _own(continued, mail) if continued else None
        mailboxes = {box.desk.support.lower(), box.desk.privacy.lower()}
        to_us, by_us = named or mail.recipients & mailboxes, mail.sender in mailboxes | {box.sender.lower()}
        if thread is None and (by_us or not to_us):
            return Taken.NOT_FOR_US
        await _check_pace(mail.sender)
        if thread is not None:
            await take(thread, mail.text, box.desk, source)
            return Taken.CONTINUED
        return await _open(mail, box, source)


async def _open(mail: Arrived, box: LetterBox, source: Source) -> Taken:
    """Open a thread, and what it plainly asks for with it. The address gets one mail of either, and not each time."""
    right = box.requests.asked_in(mail.subject, mail.text)
    topic = Topic.PRIVACY_REQUEST if right else Topic.OTHER
    opened = await insert(Inquiry(topic, mail.text, right, mail.subject), person=None, address=mail.sender)
    await take(opened, mail.text, box.desk, source)
    if right is None:
        await confirm(opened)
        return Taken.OPENED
    await box.requests.open(opened, mail.text)
    return Taken.ASKED


async def _answer(thread_id: UUID, mail: Arrived, source: Source) -> Taken:
    try:
        await add_answer(await locked(thread_id), mail.text, actor=None, source=source)
    except (ThreadNotFound, ThreadFull) as error:
        raise Unreadable(error.message) from None
    return Taken.ANSWERED


async def _own(thread_id: UUID, mail: Arrived) -> Thread | None:
    """Return the thread if it is the sender's, and has room; None where the mail is to open another one."""
    try:
        thread = await locked(thread_id)
        await check_room(thread, Side.PERSON)
    except (ThreadNotFound, ThreadFull):
        return None
    return thread if thread.address == mail.sender else None


async def _check_pace(sender: str) -> None:
    """Raise TooMuchMail where an address has sent enough for a day."""
    row = await fetch_one(
        """SELECT count(*) AS number FROM support_messages m JOIN support_threads t ON t.id = m.thread_id
             LEFT JOIN users u ON u.id = t.person_id
           WHERE coalesce(t.address, u.confirmed_email) = $1 AND m.author = 'PERSON'
             AND m.created_at > now() - $2::interval""",
        sender,
        DAY,
    )
    if row is not None and row["number"] >= MOST_A_DAY:
        raise TooMuchMail("This address has sent enough for today.")
