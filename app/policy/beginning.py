"""Command: give a new installation the texts that it begins with."""

from datetime import datetime

import structlog

from app.core.db import execute, fetch, transaction
from app.core.ports import Clock
from app.policy.library import library
from app.policy.queries import edition_id
from app.policy.texts import DocumentKind

log = structlog.get_logger(__name__)

_WITHOUT = """SELECT kind FROM unnest($1::text[]) AS kind
              WHERE NOT EXISTS (SELECT FROM subject_aliases)
                AND NOT EXISTS (SELECT FROM document_versions v WHERE v.kind = kind.kind)"""
"""Kinds of which nothing was published, where nobody ever had an account: an alias stays when its person goes."""


async def begin(clock: Clock) -> None:
    """Record the latest shipped version of each document as published now, where the installation is new.

    It is new for a kind of document while none of it was published and nobody has ever had an account: there is nobody
    who was shown another text. Every other installation stays with its own until staff publish the next (policy, P25).
    Every process calls it when it starts. Those that start at once take turns, and whoever signs up just then through
    a process that runs already is waited for: their text stays. What was recorded is never changed, also by a later
    version of the program.
    """
    if not await _without():
        return
    async with transaction():
        await execute("LOCK TABLE document_versions, subject_aliases IN SHARE ROW EXCLUSIVE MODE")
        for kind in await _without():
            await _record(kind, clock.now())


async def _without() -> list[DocumentKind]:
    rows = await fetch(_WITHOUT, [kind.value for kind in DocumentKind])
    return [DocumentKind(row["kind"]) for row in rows]


async def _record(kind: DocumentKind, now: datetime) -> None:
    """Write the row. It is the whole record: an entry of the audit log is about a person, and there is none."""
    document = library().latest(kind)
    await execute(
        """INSERT INTO document_versions (id, kind, version, sha256, published_at, effective_at, material, summary,
                                          asks_again)
           VALUES ($1, $2, $3, $4, $5, $5, false, '', '')""",
        edition_id(kind, document.version),
        kind.value,
        document.version,
        document.sha256,
        now,
    )
    log.info("policy.began", kind=kind.value, version=document.version)
