"""Commands: restrict processing of somebody's data to storage, and lift that (Art. 18 GDPR).

The record, the status that everything else follows, and the audit entry are one transaction. What changes nothing adds
no record. Who may ask, and when it is granted, is decided by whoever calls this.
"""

from uuid import UUID

from app.accounts.errors import PersonNotFound
from app.accounts.queries import Person
from app.accounts.staff import checked_reason, set_restricted
from app.audit.service import Action, record
from app.consents.errors import SubjectGone
from app.consents.office import Effect
from app.consents.service import take_turn
from app.core.db import execute, fetch_one, transaction
from app.core.ids import uuid7
from app.core.origin import NOWHERE, Origin
from app.core.personal_data import Activity
from app.core.ports import Clock
from app.core.purposes import restricted as condition
from app.journal import service as journal


async def restrict(
    user_id: UUID,
    reason: str,
    *,
    actor: UUID | None,
    clock: Clock,
    origin: Origin = NOWHERE,
    effect: Effect | None = None,
) -> Person:
    """Have a person's data stored and used for nothing else from now on, but for what the law asks and they do.

    `effect` is what that does to things of others who know them, in the same transaction. The reason is for the
    person's log. `actor` None: the operator. An account that is suspended, or locked, stays so. Raises InvalidInput,
    PersonNotFound.
    """
    async with transaction():
        person = await _decide(user_id, reason, actor, clock, origin, restricted=True)
        if effect is not None:
            await effect(user_id)
    return person


async def lift_restriction(
    user_id: UUID, reason: str, *, actor: UUID | None, clock: Clock, origin: Origin = NOWHERE
) -> Person:
    """Have a person's data used as before. They are told beforehand, by whoever calls this (Art. 18(3)).

    Raises as `restrict`.
    """
    return await _decide(user_id, reason, actor, clock, origin, restricted=False)


async def is_restricted(person: UUID) -> bool:
    """Return whether a person's data may only be stored, whatever else their account is."""
    row = await fetch_one(f"SELECT {condition('u')} AS restricted FROM users u WHERE u.id = $1", person)  # noqa: S608
    return row is not None and bool(row["restricted"])


async def _decide(
    user_id: UUID, reason: str, actor: UUID | None, clock: Clock, origin: Origin, *, restricted: bool
) -> Person:
    note = {"note": checked_reason(reason)}
    async with transaction():
        try:
            principal = await take_turn(user_id)
        except SubjectGone:
            raise PersonNotFound("There is no such account.", path=("id",)) from None
        person = await set_restricted(user_id, restricted=restricted)
        last = await fetch_one(
            """SELECT sequence, restricted FROM restriction_records WHERE principal_id = $1
               ORDER BY sequence DESC LIMIT 1""",
            principal,
        )
        if restricted == bool(last and last["restricted"]):
            return person
        await execute(
            """INSERT INTO restriction_records (id, principal_id, sequence, restricted, decided_at)
               VALUES ($1, $2, $3, $4, $5)""",
            uuid7(),
            principal,
            last["sequence"] + 1 if last else 1,
            restricted,
            clock.now(),
        )
        action = Action.RESTRICTED if restricted else Action.RESTRICTION_LIFTED
        await record(action, user_id, actor=actor, purpose=Activity.LEGAL_COMPLIANCE, origin=origin, details=note)
        decision = journal.Decision.RESTRICTED if restricted else journal.Decision.RESTRICTION_LIFTED
        await journal.record(decision, user_id)
    return person
