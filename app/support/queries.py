"""Reads of threads: one's own, and staff's, each look of whom is written into the log of the person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.audit.service import record_looks
from app.core.db import Row, fetch, transaction
from app.core.personal_data import Activity, Category
from app.core.purposes import Allows, reachable
from app.core.viewer import Viewer
from app.mail.replies import Side
from app.support.threads import COLUMNS, FROM, MAX_MESSAGES, Thread, thread_of
from app.support.topics import ThreadState, Topic


@dataclass(frozen=True, slots=True)
class MessageRecord:
    """A message."""

    id: UUID
    author: Side
    text: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ThreadRecord:
    """A thread with its messages, the first one first."""

    thread: Thread
    messages: Sequence[MessageRecord]


async def own_threads(viewer: Viewer, *, first: int, before: UUID | None = None) -> list[ThreadRecord]:
    """Return the viewer's threads, newest first, at most `first`, older than `before`: two statements."""
    return await _records(
        await fetch(
            f"""SELECT {COLUMNS} FROM {FROM} WHERE t.person_id = $1 AND ($2::uuid IS NULL OR t.id < $2)
                ORDER BY t.id DESC LIMIT $3""",  # noqa: S608
            viewer.user_id,
            before,
            first,
        )
    )


async def own_thread(viewer: Viewer, thread_id: UUID) -> ThreadRecord | None:
    """Return a thread of the viewer's; None where there is none."""
    rows = await fetch(
        f"SELECT {COLUMNS} FROM {FROM} WHERE t.person_id = $1 AND t.id = $2",  # noqa: S608
        viewer.user_id,
        thread_id,
    )
    found = await _records(rows)
    return found[0] if found else None


async def threads(
    viewer: Viewer,
    activity: Activity,
    allows: Allows,
    *,
    first: int,
    before: UUID | None = None,
    state: ThreadState | None = None,
    topic: Topic | None = None,
) -> list[ThreadRecord]:
    """Return threads that are handled for `activity`, newest first, at most `first` and one more, which says that there
    are more and is not to be shown.

    Each person who is shown finds the look in their own log. Raises what `allows` raises.
    """
    await allows(None, activity, Category.CONTACT, viewer.role)
    topics = [each.value for each in Topic if each.activity is activity and topic in (None, each)]
    async with transaction():
        rows = await fetch(
            f"""SELECT {COLUMNS} FROM {FROM}
                WHERE t.topic = ANY($1) AND (t.person_id IS NULL OR {reachable(activity, "u")})
                  AND ($2::uuid IS NULL OR t.id < $2) AND ($3::text IS NULL OR t.state = $3)
                ORDER BY t.id DESC LIMIT $4""",  # noqa: S608
            topics,
            before,
            state.value if state else None,
            first + 1,
        )
        people = {row["person"] for row in rows[:first]} - {None, viewer.user_id}
        await record_looks(sorted(people), viewer.user_id, activity)
        return await _records(rows)


async def _records(rows: Sequence[Row]) -> list[ThreadRecord]:
    found: dict[UUID, list[MessageRecord]] = {row["id"]: [] for row in rows}
    said = await fetch(
        """SELECT thread_id, id, author, text, created_at FROM support_messages
           WHERE thread_id = ANY($1) ORDER BY id LIMIT $2""",
        list(found),
        MAX_MESSAGES * len(found),
    )
    for row in said:
        found[row["thread_id"]].append(MessageRecord(row["id"], Side(row["author"]), row["text"], row["created_at"]))
    return [ThreadRecord(thread_of(row), found[row["id"]]) for row in rows]
