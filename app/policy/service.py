"""Commands: publish a version, and accept one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.audit.service import Action, alias_of, record
from app.core import idempotency
from app.core.consent_purposes import ConsentPurpose
from app.core.db import execute, fetch, transaction
from app.core.errors import Conflict, InvalidInput
from app.core.ids import uuid7
from app.core.keys import keyed_hash
from app.core.ports import Clock
from app.core.viewer import Viewer
from app.policy.acceptances import Accepted, accepted_of
from app.policy.errors import AlreadyPublished, UnknownVersion
from app.policy.library import library
from app.policy.queries import Edition, edition, edition_id, in_force
from app.policy.texts import Document, DocumentKind

MAX_SUMMARY = 1000
"""Characters: everybody gets it by mail."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What is said of a version when it is published."""

    kind: DocumentKind
    version: str
    effective_at: datetime | None
    """None: at once."""
    material: bool
    """Whether it changes what people may expect: then everybody is told, and told before."""
    summary: str
    asks_again: Sequence[ConsentPurpose] = ()


async def record_publication(viewer: Viewer, wish: Publication, notice: timedelta, clock: Clock) -> Edition:
    """Publish a shipped version, once and for good, in the caller's transaction.

    Raises UnknownVersion, AlreadyPublished, and InvalidInput for a summary that is empty or too long, consents that are
    asked again without a material change of the privacy policy, and a date that has passed, is before that of another
    version, or for a material change is nearer than `notice`.
    """
    now, summary = clock.now(), _summary(wish.summary)
    document = library().find(wish.kind, wish.version)
    if document is None:
        raise UnknownVersion("No such version is shipped with this program.", path=("version",))
    if wish.asks_again and not (wish.material and wish.kind is DocumentKind.PRIVACY):
        raise InvalidInput(
            "Consents are asked again with a material change of the privacy policy only.", path=("asksAgain",)
        )
    await execute("LOCK TABLE document_versions IN SHARE ROW EXCLUSIVE MODE")  # one at a time; readers go on
    effective = await _effective(wish, document, now, notice)
    asked = tuple(dict.fromkeys(wish.asks_again))
    await execute(
        """INSERT INTO document_versions (id, kind, version, sha256, published_at, effective_at, material, summary,
                                          asks_again, published_by_id)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""",
        edition_id(wish.kind, wish.version),
        wish.kind.value,
        wish.version,
        document.sha256,
        now,
        effective,
        wish.material,
        summary,
        " ".join(asked),
        await alias_of(viewer.user_id),
    )
    note = {"note": f"{wish.kind.value} {wish.version}"}
    await record(Action.DOCUMENT_PUBLISHED, viewer.user_id, actor=viewer.user_id, details=note)
    return Edition(document, effective, now, wish.material, summary, asked)


def _summary(text: str) -> str:
    summary = " ".join(text.split())
    if not summary or len(summary) > MAX_SUMMARY or not summary.isprintable():
        raise InvalidInput(f"Say in 1 to {MAX_SUMMARY} characters what changes.", path=("summary",))
    return summary


async def _effective(wish: Publication, document: Document, now: datetime, notice: timedelta) -> datetime:
    effective = wish.effective_at or now
    if effective.tzinfo is None or effective < now:
        raise InvalidInput("Name a moment to come, with its time zone, or none for at once.", path=("effectiveAt",))
    if wish.material and effective < now + notice:
        raise InvalidInput(
            f"People are told of a material change {notice.days} days before: name a later date.", path=("effectiveAt",)
        )
    published = await fetch("SELECT version, effective_at FROM document_versions WHERE kind = $1", wish.kind.value)
    if any(row["version"] == document.version for row in published):
        raise AlreadyPublished("This version is published, and is never changed: ship another.", path=("version",))
    if any(row["effective_at"] >= effective for row in published):
        raise InvalidInput("Another version takes effect later than that: name a later date.", path=("effectiveAt",))
    return effective


async def accept(
    viewer: Viewer, kind: DocumentKind, version: str, clock: Clock, *, key: str | None = None, hash_key: bytes = b""
) -> Accepted:
    """Record that the viewer accepts a version that is in force, or will be; once accepted stays accepted as it was.

    Raises UnknownVersion, Conflict for a version of the past, IdempotencyMismatch, IdempotencyInProgress.
    """
    chosen, now = await edition(kind, version), clock.now()
    current = await in_force(kind, now)
    if chosen.effective_at < current.effective_at:
        raise Conflict(
            f"This version is not in force any more; {current.document.version} is: show that one.", path=("version",)
        )
    input_hash = keyed_hash(hash_key, f"{kind} {version}".encode())
    async with transaction():
        done = key is not None and await idempotency.begin(viewer.user_id, "acceptPolicy", key, input_hash)
        accepted = await record_acceptance(viewer.user_id, chosen.document, now)
        if key is not None and not done:
            await idempotency.finish(viewer.user_id, "acceptPolicy", key, input_hash, accepted.id)
    return accepted


async def record_acceptance(user_id: UUID, document: Document, now: datetime) -> Accepted:
    """Record it under the person's alias, in the caller's transaction; return the first record where there is one."""
    alias = await alias_of(user_id)
    await execute(
        """INSERT INTO acceptances (id, subject_id, kind, version, sha256, accepted_at)
           VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (subject_id, kind, version) DO NOTHING""",
        uuid7(),
        alias,
        document.kind.value,
        document.version,
        document.sha256,
        now,
    )
    [row] = await fetch(
        """SELECT id, kind, version, sha256, accepted_at FROM acceptances
           WHERE subject_id = $1 AND kind = $2 AND version = $3""",
        alias,
        document.kind.value,
        document.version,
    )
    return accepted_of(row)
