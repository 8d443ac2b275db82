"""Commands: say yes or no to purposes. A record, what it does and the audit entry are one transaction.

A decision that changes nothing (the same answer, of the same notice) adds no record.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson

from app.audit.service import Action, alias_of, record
from app.consents.errors import DecidedTwice, OtherNotice, SubjectGone
from app.consents.notices import Notice
from app.consents.office import ConsentOffice
from app.consents.purposes import Method
from app.consents.records import RECEIPT_TYPE, Decision, record_of
from app.core import idempotency
from app.core.consent_purposes import ConsentPurpose
from app.core.db import Row, execute, fetch, fetch_one, transaction
from app.core.ids import uuid7
from app.core.keys import keyed_hash
from app.core.origin import NOWHERE, Origin
from app.core.viewer import Viewer
from app.journal import service as journal


@dataclass(frozen=True, slots=True)
class Choice:
    """A yes or a no."""

    purpose: ConsentPurpose
    granted: bool


@dataclass(frozen=True, slots=True)
class Way:
    """How a decision reached us, and from where."""

    method: Method
    origin: Origin = NOWHERE


async def set_consents(
    viewer: Viewer,
    choices: Sequence[Choice],
    policy_version: str,
    *,
    key: str,
    hash_key: bytes,
    office: ConsentOffice,
    way: Way,
) -> None:
    """Record decisions, and do what they mean at once.

    A yes is bound to the notice that was shown, so `policy_version` is the one in force; a no needs none. Raises
    DecidedTwice, OtherNotice, SubjectGone, IdempotencyMismatch, IdempotencyInProgress.
    """
    purposes = [choice.purpose for choice in choices]
    if not choices or len(set(purposes)) < len(purposes):
        raise DecidedTwice("Name each purpose that is decided once, and at least one.", path=("decisions",))
    said = sorted((choice.purpose.value, choice.granted) for choice in choices)
    input_hash = keyed_hash(hash_key, orjson.dumps([said, policy_version]))
    async with transaction():
        if await idempotency.begin(viewer.user_id, "setConsents", key, input_hash) is not None:
            return
        await decide(viewer.user_id, choices, policy_version, office, way)
        await idempotency.finish(viewer.user_id, "setConsents", key, input_hash, viewer.user_id)


async def decide(
    user_id: UUID, choices: Sequence[Choice], policy_version: str | None, office: ConsentOffice, way: Way
) -> int:
    """Record decisions in the caller's transaction; return how many change anything.

    `policy_version` None: of the notice in force. Raises OtherNotice, SubjectGone.
    """
    now = office.clock.now()
    notice, again = await office.notices.in_force(now), await office.notices.asked_again(now)
    if policy_version not in (None, notice.version) and any(choice.granted for choice in choices):
        raise OtherNotice(
            f"The privacy policy in force is version {notice.version}: show it, then send that version.",
            path=("policyVersion",),
        )
    principal = await take_turn(user_id)
    before = await _last(principal)
    changes = [
        choice for choice in choices if _changes(choice, before.get(choice.purpose), notice, again.get(choice.purpose))
    ]
    for choice in changes:
        await _decide(user_id, principal, choice, before.get(choice.purpose), notice, office, way)
    return len(changes)


async def acknowledge_faces(user_id: UUID, office: ConsentOffice) -> None:
    """Record what an acknowledgement of a face is: an explicit yes to `FACE_REFERENCE_IMAGES`.

    In the caller's transaction. Raises SubjectGone.
    """
    choice = Choice(ConsentPurpose.FACE_REFERENCE_IMAGES, True)
    await decide(user_id, [choice], None, office, Way(Method.ACKNOWLEDGEMENT))


async def record_signal(user_id: UUID, office: ConsentOffice, origin: Origin = NOWHERE) -> bool:
    """Record `Sec-GPC: 1` of a signed-in person as a no to `ANALYTICS_COOKIES`; return whether anything changed.

    Where the answer is no already, this is one statement. Raises SubjectGone.
    """
    purpose = ConsentPurpose.ANALYTICS_COOKIES
    last = await fetch_one(
        """SELECT granted FROM consent_records c JOIN subject_aliases a ON a.id = c.principal_id
           WHERE a.user_id = $1 AND c.purpose = $2 ORDER BY sequence DESC LIMIT 1""",
        user_id,
        purpose.value,
    )
    if last is not None and not last["granted"]:
        return False
    async with transaction():
        way = Way(Method.GLOBAL_PRIVACY_CONTROL, origin)
        return await decide(user_id, [Choice(purpose, False)], None, office, way) > 0


async def take_turn(user_id: UUID) -> UUID:
    """Have a person's decisions take turns until the caller's transaction ends; return their alias.

    Raises SubjectGone.
    """
    try:
        alias = await alias_of(user_id)
    except LookupError:
        raise SubjectGone("This account is gone.") from None
    await execute("SELECT id FROM subject_aliases WHERE id = $1 FOR NO KEY UPDATE", alias)
    return alias


async def granted(person: UUID) -> list[ConsentPurpose]:
    """Return what a person last said yes to, also where they have to be asked again."""
    rows = await fetch(
        """SELECT last.purpose FROM subject_aliases a CROSS JOIN unnest($2::text[]) AS asked (purpose)
           CROSS JOIN LATERAL (
             SELECT purpose, granted FROM consent_records r
             WHERE r.principal_id = a.id AND r.purpose = asked.purpose ORDER BY r.sequence DESC LIMIT 1) last
           WHERE a.user_id = $1 AND last.granted""",
        person,
        [purpose.value for purpose in ConsentPurpose],
    )
    return [ConsentPurpose(row["purpose"]) for row in rows]


async def refused_by(person: UUID, method: Method, since: datetime) -> list[tuple[UUID, ConsentPurpose]]:
    """Return the records of what a person said no to in a way since a moment, the first one first."""
    rows = await fetch(
        """SELECT r.id, r.purpose FROM consent_records r JOIN subject_aliases a ON a.id = r.principal_id
           WHERE a.user_id = $1 AND r.method = $2 AND NOT r.granted AND r.decided_at >= $3
           ORDER BY r.id LIMIT $4""",
        person,
        method.value,
        since,
        len(ConsentPurpose),
    )
    return [(row["id"], ConsentPurpose(row["purpose"])) for row in rows]


async def _last(principal: UUID) -> Mapping[ConsentPurpose, Row]:
    rows = await fetch(
        """SELECT last.* FROM unnest($2::text[]) AS asked (purpose) CROSS JOIN LATERAL (
             SELECT purpose, sequence, granted, decided_at, notice_sha256 FROM consent_records
             WHERE principal_id = $1 AND purpose = asked.purpose ORDER BY sequence DESC LIMIT 1) last""",
        principal,
        [purpose.value for purpose in ConsentPurpose],
    )
    return {ConsentPurpose(row["purpose"]): row for row in rows}


def _changes(choice: Choice, last: Row | None, notice: Notice, again: datetime | None) -> bool:
    if last is None or last["granted"] != choice.granted:
        return True
    outdated = last["notice_sha256"] != notice.sha256 or (again is not None and last["decided_at"] < again)
    return choice.granted and outdated


async def _decide(
    user_id: UUID, principal: UUID, choice: Choice, last: Row | None, notice: Notice, office: ConsentOffice, way: Way
) -> None:
    was_granted = last is not None and bool(last["granted"])
    decision = Decision(
        uuid7(), principal, choice.purpose, choice.granted, was_granted, office.clock.now(), notice, way.method
    )
    await _insert(decision, last["sequence"] + 1 if last else 1, office)
    action = Action.CONSENT_GIVEN if choice.granted else Action.CONSENT_WITHDRAWN
    note = {"note": choice.purpose.value}
    await record(action, user_id, actor=user_id, origin=way.origin, details=note)
    await journal.record(
        journal.Decision.CONSENT_GIVEN if choice.granted else journal.Decision.CONSENT_WITHDRAWN,
        user_id,
        detail={"purpose": choice.purpose.value, "method": way.method.value, "version": notice.version},
    )
    if not choice.granted and (effect := office.on_withdrawal.get(choice.purpose)):
        await effect(user_id)


async def _insert(decision: Decision, sequence: int, office: ConsentOffice) -> None:
    content = record_of(decision, office.controller, office.recipients.get(decision.purpose, ()))
    await execute(
        """INSERT INTO consent_records (id, principal_id, sequence, purpose, granted, decided_at, policy_version,
             notice_sha256, method, receipt) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""",
        decision.id,
        decision.principal,
        sequence,
        decision.purpose.value,
        decision.granted,
        decision.decided_at,
        decision.notice.version,
        decision.notice.sha256,
        decision.method.value,
        office.signer.sign(content, RECEIPT_TYPE),
    )
