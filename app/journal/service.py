"""Command: put a decision down for the journal, in the transaction that takes it."""

import contextvars
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from uuid import UUID

import orjson

from app.core import jobs
from app.core.db import execute, in_transaction
from app.core.ids import uuid7
from app.core.jobs import JobKind
from app.journal.entries import Decision as Decision

WRITE = JobKind("journal.write", queue="default", max_failures=10)
NOTHING: Mapping[str, str] = {}

_applying: contextvars.ContextVar[bool] = contextvars.ContextVar("journal_applying", default=False)


async def record(
    decision: Decision,
    person: UUID | None,
    *,
    objects: Sequence[UUID | None] = (None,),
    detail: Mapping[str, str] = NOTHING,
) -> None:
    """Put a decision down in the caller's transaction; a job writes it to the journal once that has committed.

    One about several `objects` is an entry for each. `detail` is names and versions of ours, never what anybody wrote.
    While entries of the journal are applied this does nothing: they are there. Raises RuntimeError outside of a
    transaction.
    """
    if _applying.get() or not objects:
        return
    if not in_transaction():
        raise RuntimeError("a decision is put down in the transaction that takes it")
    await execute(
        """INSERT INTO journal_entries (id, decision, person_id, object, detail, at)
           SELECT entry.id, $3, $4, entry.object, $5, clock_timestamp()
           FROM unnest($1::uuid[], $2::uuid[]) AS entry (id, object)""",
        [uuid7() for _ in objects],
        list(objects),
        decision.value,
        person,
        orjson.dumps(dict(detail)).decode() if detail else None,
    )
    await jobs.record(WRITE, {})


@contextmanager
def applying() -> Generator[None, None, None]:
    """Have nothing put down as long as the block runs: it does what the journal says was decided."""
    token = _applying.set(True)
    try:
        yield
    finally:
        _applying.reset(token)
