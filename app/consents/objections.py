"""Command: object to what rests on a legitimate interest, or take that back (Art. 21(1) GDPR). No reason is asked for:
we know of no interest of ours that would override anybody's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson

from app.audit.service import Action, record
from app.consents.errors import DecidedTwice
from app.consents.office import Effect
from app.consents.purposes import Objectionable
from app.consents.service import take_turn
from app.core import idempotency
from app.core.db import execute, fetch, transaction
from app.core.ids import uuid7
from app.core.keys import keyed_hash
from app.core.origin import Origin
from app.core.ports import Clock
from app.core.viewer import Viewer
from app.journal import service as journal

NO_EFFECTS: Mapping[Objectionable, Effect] = {}


@dataclass(frozen=True, slots=True)
class Stance:
    """Whether somebody objects to an activity."""

    activity: Objectionable
    objected: bool


async def set_objections(
    viewer: Viewer,
    stances: Sequence[Stance],
    *,
    key: str,
    hash_key: bytes,
    clock: Clock,
    origin: Origin,
    effects: Mapping[Objectionable, Effect] = NO_EFFECTS,
) -> None:
    """Record what somebody objects to, or objects to no more; what changes nothing adds no record.

    `effects` are what an objection does to their things (`ConsentOffice.on_objection`), in the same transaction.
    Raises DecidedTwice, SubjectGone, IdempotencyMismatch, IdempotencyInProgress.
    """
    activities = [stance.activity for stance in stances]
    if not stances or len(set(activities)) < len(activities):
        raise DecidedTwice("Name each activity that is decided once, and at least one.", path=("objections",))
    said = sorted((stance.activity.value, stance.objected) for stance in stances)
    input_hash = keyed_hash(hash_key, orjson.dumps(said))
    async with transaction():
        if await idempotency.begin(viewer.user_id, "setObjections", key, input_hash) is not None:
            return
        await decide(viewer.user_id, stances, clock, origin, effects)
        await idempotency.finish(viewer.user_id, "setObjections", key, input_hash, viewer.user_id)


async def decide(
    user_id: UUID, stances: Sequence[Stance], clock: Clock, origin: Origin, effects: Mapping[Objectionable, Effect]
) -> int:
    """Record what somebody says, in the caller's transaction; return how much of it changes anything.

    Raises SubjectGone.
    """
    principal = await take_turn(user_id)
    rows = await fetch(
        """SELECT last.* FROM unnest($2::text[]) AS asked (activity) CROSS JOIN LATERAL (
             SELECT activity, sequence, objected FROM objection_records
             WHERE principal_id = $1 AND activity = asked.activity ORDER BY sequence DESC LIMIT 1) last""",
        principal,
        [activity.value for activity in Objectionable],
    )
    before = {row["activity"]: row for row in rows}
    changed = 0
    for stance in stances:
        last = before.get(stance.activity.value)
        if stance.objected == bool(last and last["objected"]):
            continue
        changed += 1
        await execute(
            """INSERT INTO objection_records (id, principal_id, sequence, activity, objected, decided_at)
               VALUES ($1, $2, $3, $4, $5, $6)""",
            uuid7(),
            principal,
            last["sequence"] + 1 if last else 1,
            stance.activity.value,
            stance.objected,
            clock.now(),
        )
        action = Action.OBJECTED if stance.objected else Action.OBJECTION_TAKEN_BACK
        await record(action, user_id, actor=user_id, origin=origin, details={"note": stance.activity.value})
        said = journal.Decision.OBJECTED if stance.objected else journal.Decision.OBJECTION_TAKEN_BACK
        await journal.record(said, user_id, detail={"activity": stance.activity.value})
        if stance.objected and (effect := effects.get(stance.activity)):
            await effect(user_id)
    return changed
