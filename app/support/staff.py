"""Commands of staff: answer, classify, close. Each is written into the audit log of the person."""

from dataclasses import replace
from uuid import UUID

from app.audit.service import Action, record
from app.core import idempotency
from app.core.db import execute, transaction
from app.core.keys import keyed_hash
from app.core.personal_data import Category
from app.core.purposes import Allows, WrongPurpose
from app.core.viewer import Viewer
from app.mail.replies import Side
from app.support.errors import ThreadNotFound
from app.support.handover import PrivacyRequests
from app.support.letters import Desk, send_answer, tell_desk
from app.support.texts import message_text
from app.support.threads import Inquiry, Source, Thread, add, check_room, last_words, locked


async def answer(viewer: Viewer, thread_id: UUID, text: str, allows: Allows, *, key: str, hash_key: bytes) -> None:
    """Add an answer, which is mailed to the person; nothing else of the thread is.

    Raises ThreadNotFound, ThreadFull, WrongMessage, IdempotencyMismatch, IdempotencyInProgress, and what `allows`
    raises.
    """
    plain = message_text(text)
    input_hash = keyed_hash(hash_key, f"{thread_id} {plain}".encode())
    async with transaction():
        if await idempotency.begin(viewer.user_id, "answerSupportThread", key, input_hash) is not None:
            return
        thread = await _theirs_to_handle(viewer, thread_id, allows)
        await add_answer(thread, plain, actor=viewer.user_id)
        await idempotency.finish(viewer.user_id, "answerSupportThread", key, input_hash, thread.id)


async def add_answer(thread: Thread, text: str, *, actor: UUID | None, source: Source | None = None) -> None:
    """Add an answer to a locked thread, in the caller's transaction. `actor` None: it came by the desk's own mail.

    Raises ThreadFull.
    """
    await check_room(thread, Side.STAFF)
    mail = await send_answer(thread, text)
    await add(thread, Side.STAFF, text, str(mail) if mail else None, source)
    await _record(Action.SUPPORT_ANSWERED, thread, actor)


async def classify(
    viewer: Viewer, thread_id: UUID, under: Inquiry, allows: Allows, desk: Desk, requests: PrivacyRequests
) -> None:
    """Give a thread the topic of what it is about, which is mailed to whoever handles that, where it is somebody else.

    `under` has the topic, and the right of a privacy request, which is opened: the person is mailed a link that shows
    that it is them. Raises ThreadNotFound, and what `allows` raises.
    """
    async with transaction():
        thread = await _theirs_to_handle(viewer, thread_id, allows)
        changed = replace(thread, topic=under.topic, right=under.right)
        if changed == thread:
            return
        await execute(
            "UPDATE support_threads SET topic = $2, privacy_right = $3 WHERE id = $1",
            thread.id,
            under.topic.value,
            under.right.value if under.right else None,
        )
        if thread.person is not None:
            note = {"note": under.topic.value}
            await record(
                Action.SUPPORT_CLASSIFIED,
                thread.person,
                actor=viewer.user_id,
                purpose=thread.topic.activity,
                details=note,
            )
        if changed.topic.activity is not thread.topic.activity:
            await tell_desk(changed, await last_words(thread), desk)
        if changed.right is not None:
            await requests.open(changed, await last_words(thread))


async def close(viewer: Viewer, thread_id: UUID, allows: Allows) -> None:
    """Close a thread; whoever writes again opens it. Raises ThreadNotFound, and what `allows` raises."""
    async with transaction():
        thread = await _theirs_to_handle(viewer, thread_id, allows)
        if thread.state != "CLOSED":
            await execute("UPDATE support_threads SET state = 'CLOSED' WHERE id = $1", thread.id)
            await _record(Action.SUPPORT_CLOSED, thread, viewer.user_id)


async def _theirs_to_handle(viewer: Viewer, thread_id: UUID, allows: Allows) -> Thread:
    """Return a thread whose topic is this role's. Of one that is not, nothing is said, not even that it is there."""
    thread = await locked(thread_id)
    try:
        await allows(thread.person, thread.topic.activity, Category.CONTACT, viewer.role)
    except WrongPurpose:
        raise ThreadNotFound("There is no such thread.", path=("id",)) from None
    return thread


async def _record(action: Action, thread: Thread, actor: UUID | None) -> None:
    if thread.person is not None:
        await record(action, thread.person, actor=actor, purpose=thread.topic.activity)
