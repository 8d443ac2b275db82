"""Threads as rows: opened, locked, added to. All of it in the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core.db import Row, execute, fetch, fetch_one
from app.core.ids import uuid7
from app.core.privacy_rights import PrivacyRight
from app.mail.replies import Side
from app.support.errors import ThreadFull, ThreadNotFound
from app.support.topics import ThreadState, Topic

MAX_MESSAGES = 50
"""Of one thread."""
MAX_OF_PERSON = 40
"""How many there may be for the person to add one: staff can always answer the last."""
MAX_REFERENCES = 10
"""Message-IDs that a mail names of those before it."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What somebody writes to open a thread."""

    topic: Topic
    text: str
    right: PrivacyRight | None = None
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread without its messages. `address` is where answers go; None: its person has confirmed none."""

    id: UUID
    person: UUID | None
    address: str | None
    topic: Topic
    right: PrivacyRight | None
    state: ThreadState
    subject: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Source:
    """Where a message came from, if from outside: its Message-ID, and the keyed hash by which it is known again."""

    hash: str
    message_id: str | None = None


COLUMNS = """t.id, t.person_id AS person, coalesce(t.address, u.confirmed_email) AS address, t.topic,
             t.privacy_right AS right, t.state, t.subject, t.created_at"""
FROM = "support_threads t LEFT JOIN users u ON u.id = t.person_id"


def thread_of(row: Row) -> Thread:
    """Build a thread from a row of `COLUMNS`."""
    return Thread(
        row["id"],
        row["person"],
        row["address"],
        Topic(row["topic"]),
        PrivacyRight(row["right"]) if row["right"] else None,
        ThreadState(row["state"]),
        row["subject"],
        row["created_at"],
    )


async def insert(inquiry: Inquiry, *, person: UUID | None, address: str | None) -> Thread:
    """Open a thread of a person or of an address."""
    thread_id = uuid7()
    await execute(
        """INSERT INTO support_threads
             (id, person_id, address, topic, privacy_right, state, subject, created_at, last_message_at)
           VALUES ($1, $2, $3, $4, $5, 'OPEN', $6, now(), now())""",
        thread_id,
        person,
        address,
        inquiry.topic.value,
        inquiry.right.value if inquiry.right else None,
        inquiry.subject,
    )
    return await locked(thread_id)


async def locked(thread_id: UUID, owner: UUID | None = None) -> Thread:
    """Return a thread, which waits for the end of the transaction; of `owner` alone, if there is one.

    Raises ThreadNotFound.
    """
    rows = await fetch(
        f"""SELECT {COLUMNS} FROM {FROM}
            WHERE t.id = $1 AND ($2::uuid IS NULL OR t.person_id = $2) FOR UPDATE OF t""",  # noqa: S608
        thread_id,
        owner,
    )
    if not rows:
        raise ThreadNotFound("There is no such thread.", path=("id",))
    return thread_of(rows[0])


async def check_room(thread: Thread, author: Side) -> None:
    """Raise ThreadFull where the author may add nothing more."""
    row = await fetch_one("SELECT count(*) AS number FROM support_messages WHERE thread_id = $1", thread.id)
    most = MAX_OF_PERSON if author is Side.PERSON else MAX_MESSAGES
    if row is not None and row["number"] >= most:
        raise ThreadFull("This thread has become too long: open another one.", path=("id",))


async def add(thread: Thread, author: Side, text: str, message_id: str | None, source: Source | None = None) -> None:
    """Add a message; it is the other side's turn then."""
    await execute(
        """INSERT INTO support_messages (id, thread_id, author, text, created_at, message_id, source)
           VALUES ($1, $2, $3, $4, now(), $5, $6)""",
        uuid7(),
        thread.id,
        author.value,
        text,
        source.message_id if source and source.message_id else message_id,
        source.hash if source else None,
    )
    await execute(
        "UPDATE support_threads SET state = $2, last_message_at = now() WHERE id = $1",
        thread.id,
        (ThreadState.OPEN if author is Side.PERSON else ThreadState.ANSWERED).value,
    )


async def last_words(thread: Thread) -> str:
    """Return what the person wrote last."""
    row = await fetch_one(
        "SELECT text FROM support_messages WHERE thread_id = $1 AND author = 'PERSON' ORDER BY id DESC LIMIT 1",
        thread.id,
    )
    return str(row["text"]) if row else ""


async def references(thread: Thread, reader: Side) -> Sequence[str]:
    """Return the Message-IDs of the thread that `reader` may know, the oldest first: a person none of staff's mail."""
    rows = await fetch(
        """SELECT message_id FROM support_messages
           WHERE thread_id = $1 AND message_id IS NOT NULL
             AND ($2 OR author = 'PERSON' OR strpos(message_id, '@') = 0)
           ORDER BY id DESC LIMIT $3""",
        thread.id,
        reader is Side.STAFF,
        MAX_REFERENCES,
    )
    return [row["message_id"] for row in reversed(rows)]


async def is_known(source: str) -> bool:
    """Return whether that came before; whoever asks the same meanwhile waits."""
    await execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"support message {source}")
    return await fetch_one("SELECT id FROM support_messages WHERE source = $1", source) is not None


async def state_of(source: str) -> ThreadState:
    """Return whose turn it is in the thread that a message opened which is known."""
    row = await fetch_one(
        "SELECT t.state FROM support_threads t JOIN support_messages m ON m.thread_id = t.id WHERE m.source = $1",
        source,
    )
    assert row is not None
    return ThreadState(row["state"])
