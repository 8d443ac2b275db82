"""Commands: record what was handed over, and tell the person; where that is barred, once the bar ends.

Of what is barred nothing shows before: it is in no list and no export of the person's, and no entry of their log.
"""

from uuid import UUID

import orjson
import structlog

from app.audit.service import Action, alias_of, record
from app.core import idempotency, jobs
from app.core.db import Row, execute, fetch, fetch_one, transaction
from app.core.ids import uuid7
from app.core.jobs import JobKind, Lease
from app.core.keys import keyed_hash
from app.core.personal_data import Activity
from app.core.ports import Clock
from app.core.viewer import Viewer
from app.legal_disclosures.errors import SubjectNotFound
from app.legal_disclosures.grounds import IN_WORDS, DisclosureGround
from app.legal_disclosures.records import COLUMNS, Handover, LegalDisclosureRecord, record_of
from app.mail.kinds import MailKind
from app.mail.service import record_mail

END_BARS = JobKind("legal_disclosures.end_bars", queue="bulk")
MOST = 100
"""Bars that one look ends."""

log = structlog.get_logger(__name__)


async def record_disclosure(
    viewer: Viewer, subject: UUID, handover: Handover, clock: Clock, *, key: str, hash_key: bytes
) -> LegalDisclosureRecord:
    """Record that something of a person's was handed over; the same key records it once. They are told, or not yet.

    Raises InvalidInput, SubjectNotFound, IdempotencyMismatch, IdempotencyInProgress.
    """
    input_hash = keyed_hash(hash_key, orjson.dumps([subject, handover]))
    async with transaction():
        made = await idempotency.begin(viewer.user_id, "recordLegalDisclosure", key, input_hash)
        if made is None:
            made = await _insert(viewer, subject, handover.checked(clock.now()), clock)
            await idempotency.finish(viewer.user_id, "recordLegalDisclosure", key, input_hash, made)
        return record_of(await _found(made))


async def end_bars(lease: Lease, clock: Clock) -> int:
    """Tell people of what the law forbade to tell them until now; return of how much. Raises LeaseLost."""
    due = await fetch(
        "SELECT id FROM barred_disclosures WHERE barred_until <= $1 ORDER BY barred_until LIMIT $2", clock.now(), MOST
    )
    for row in due:
        async with transaction():
            await jobs.hold(lease)
            await _show(row["id"], clock)
    return len(due)


async def _insert(viewer: Viewer, subject: UUID, handover: Handover, clock: Clock) -> UUID:
    """Write it down under the person's alias, where it belongs."""
    if await fetch_one("SELECT id FROM users WHERE id = $1 FOR KEY SHARE", subject) is None:
        raise SubjectNotFound("There is no such account (any more).", path=("subject",))
    disclosure_id, now = uuid7(), clock.now()
    categories, words = handover.encoded()
    barred = handover.barred_until is not None
    table, column = ("barred_disclosures", "barred_until") if barred else ("legal_disclosures", "shown_from")
    await execute(
        f"""INSERT INTO {table}
              (id, subject_id, recorded_by_id, ground, categories, disclosed_on, recorded_at, {column}, content)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)""",  # noqa: S608 - one of two
        disclosure_id,
        await alias_of(subject),
        await alias_of(viewer.user_id),
        handover.ground.value,
        categories,
        handover.disclosed_on,
        now,
        handover.barred_until or now,
        words,
    )
    if barred:
        # About whoever records it: an entry about the person would tell them.
        await record(Action.BARRED_DISCLOSURE_RECORDED, viewer.user_id, actor=viewer.user_id, purpose=_WHY)
    else:
        await _tell(disclosure_id, actor=viewer.user_id)
    return disclosure_id


async def _show(disclosure_id: UUID, clock: Clock) -> None:
    """Move one to where the person sees it, and tell them; another worker may have."""
    moved = await fetch_one(
        f"""WITH gone AS (DELETE FROM barred_disclosures WHERE id = $1 RETURNING *)
            INSERT INTO legal_disclosures (subject_id, recorded_by_id, shown_from, {COLUMNS})
            SELECT subject_id, recorded_by_id, $2, {COLUMNS} FROM gone RETURNING id""",  # noqa: S608
        disclosure_id,
        clock.now(),
    )
    if moved is not None:
        await _tell(disclosure_id, actor=None)
        log.info("legal_disclosures.bar_ended", disclosure=str(disclosure_id))


async def _tell(disclosure_id: UUID, *, actor: UUID | None) -> None:
    """Write it into the person's log, and mail it; who is gone is told nothing."""
    row = await _found(disclosure_id)
    if row["person"] is None:
        return
    found = record_of(row)
    await record(
        Action.LEGALLY_DISCLOSED,
        row["person"],
        actor=actor,
        purpose=_WHY,
        details={"note": IN_WORDS[found.ground]},
    )
    if row["confirmed_email"] and found.words:
        values = {
            "recipient": found.words.recipient,
            "ground": IN_WORDS[DisclosureGround(found.ground)],
            "basis": found.words.basis,
            "scope": found.words.scope,
            "date": f"{found.disclosed_on:%d %B %Y}".lstrip("0"),
            "barred": BARRED.format(found.words.reason) if found.barred_until else "",
        }
        await record_mail(MailKind.LEGAL_DISCLOSURE, row["confirmed_email"], person=row["person"], values=values)


async def _found(disclosure_id: UUID) -> Row:
    """Return one with its person, whichever table has it."""
    row = await fetch_one(
        f"""SELECT d.*, a.user_id AS person, u.confirmed_email FROM (
              SELECT subject_id, {COLUMNS} FROM legal_disclosures WHERE id = $1
              UNION ALL SELECT subject_id, {COLUMNS} FROM barred_disclosures WHERE id = $1) d
            JOIN subject_aliases a ON a.id = d.subject_id LEFT JOIN users u ON u.id = a.user_id""",  # noqa: S608
        disclosure_id,
    )
    if row is None:
        raise LookupError("this record has ended")
    return row


_WHY = Activity.LEGAL_COMPLIANCE
BARRED = "We were not allowed to tell you until now: {}"
