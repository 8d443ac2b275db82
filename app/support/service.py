"""Commands of whoever writes to us: open a thread, go on with it. With an account or without one."""

from uuid import UUID

import orjson

from app.accounts.identity import normal_email
from app.core import idempotency
from app.core.db import execute, fetch, transaction
from app.core.errors import InvalidInput
from app.core.keys import keyed_hash
from app.core.viewer import Viewer
from app.mail.replies import Side
from app.support.letters import Desk, confirm, tell_desk
from app.support.texts import message_text
from app.support.threads import Inquiry, Source, Thread, add, check_room, insert, is_known, locked, state_of
from app.support.topics import ThreadState


async def contact(viewer: Viewer, asked: Inquiry, desk: Desk, *, key: str, hash_key: bytes) -> UUID:
    """Open a thread of the viewer's, mail it to the desk, and return it; the same key opens one thread.

    Raises IdempotencyMismatch, IdempotencyInProgress.
    """
    said = orjson.dumps([asked.topic, asked.text, asked.right])
    input_hash = keyed_hash(hash_key, said)
    async with transaction():
        made = await idempotency.begin(viewer.user_id, "contactSupport", key, input_hash)
        if made is not None:
            return made
        thread = await insert(asked, person=viewer.user_id, address=None)
        await take(thread, asked.text, desk)
        await confirm(thread)
        await idempotency.finish(viewer.user_id, "contactSupport", key, input_hash, thread.id)
    return thread.id


async def contact_from(email: str, asked: Inquiry, desk: Desk, *, key: str, hash_key: bytes) -> None:
    """Open a thread of an address that nobody confirmed, and mail it to the desk; the same call opens one thread.

    Whether the address has an account makes no difference, for whoever calls may not be who it belongs to. Raises
    InvalidInput.
    """
    if not 0 < len(key) <= idempotency.MAX_KEY_LENGTH:
        message = f"An idempotency key has 1 to {idempotency.MAX_KEY_LENGTH} characters: send a new UUID."
        raise InvalidInput(message, path=("idempotencyKey",))
    address = normal_email(email)
    said = orjson.dumps([address, asked.topic, asked.text, asked.right, key])
    source = Source(keyed_hash(hash_key, said).hex())
    async with transaction():
        if await is_known(source.hash):
            return
        thread = await insert(asked, person=None, address=address)
        await take(thread, asked.text, desk, source)
        await confirm(thread)


async def reply(viewer: Viewer, thread_id: UUID, text: str, desk: Desk, *, key: str, hash_key: bytes) -> None:
    """Add a message to a thread of the viewer's, which opens it again, and mail it to the desk.

    Raises ThreadNotFound, ThreadFull, WrongMessage, IdempotencyMismatch, IdempotencyInProgress.
    """
    plain = message_text(text)
    input_hash = keyed_hash(hash_key, orjson.dumps([str(thread_id), plain]))
    async with transaction():
        if await idempotency.begin(viewer.user_id, "replyToSupportThread", key, input_hash) is not None:
            return
        thread = await locked(thread_id, viewer.user_id)
        await check_room(thread, Side.PERSON)
        await take(thread, plain, desk)
        await idempotency.finish(viewer.user_id, "replyToSupportThread", key, input_hash, thread.id)


async def hand_over(
    asked: Inquiry, source: str, desk: Desk, *, person: UUID | None, address: str | None
) -> tuple[ThreadState, bool]:
    """Open a thread for staff, once for each `source` (64 characters), in the caller's transaction.

    Returns whose turn it is, and whether the thread is new. It is of a person, or of an address without an account.
    """
    if await is_known(source):
        return await state_of(source), False
    thread = await insert(asked, person=person, address=None if person else address)
    await take(thread, asked.text, desk, Source(source))
    return ThreadState.OPEN, True


async def take(thread: Thread, text: str, desk: Desk, source: Source | None = None) -> None:
    """Keep a message of the person's and mail it to the desk, in the caller's transaction."""
    await add(thread, Side.PERSON, text, str(await tell_desk(thread, text, desk)), source)


async def forget(address: str) -> int:
    """Delete the threads and the mail of an address that are of no account; return how many threads.

    Raises InvalidInput.
    """
    normal = normal_email(address)
    async with transaction():
        rows = await fetch("DELETE FROM support_threads WHERE address = $1 RETURNING id", normal)
        await execute(
            "DELETE FROM mails WHERE person_id IS NULL AND (address = $1 OR ticket = ANY($2))",
            normal,
            [row["id"] for row in rows],
        )
    return len(rows)
