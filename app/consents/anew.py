"""Commands: decide anew what was decided before, where a restored backup does not know it.

Each is in the caller's transaction, as of the moment in which it was decided, with all that it does. What takes a no
back counts only where the database knows no later no: what was decided here since stands.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from app.consents import objections
from app.consents.notices import Notices
from app.consents.objections import Stance
from app.consents.office import ConsentOffice, Effect
from app.consents.purposes import Method, Objectionable
from app.consents.restrictions import lift_restriction, restrict
from app.consents.service import Choice, Way, decide
from app.core.consent_purposes import ConsentPurpose
from app.core.db import fetch_one
from app.core.origin import NOWHERE

REASON = "A backup was restored: this was decided before, and is done again."


@dataclass(frozen=True, slots=True)
class _Then:
    """`Clock` that stands at the moment of a decision."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


async def consent_anew(
    user_id: UUID, choice: Choice, method: Method, version: str, at: datetime, office: ConsentOffice
) -> None:
    """Record a decision about a purpose. A yes counts where the text that was shown then was the one in force then.

    Else the person is asked again. Raises SubjectGone.
    """
    if choice.granted and (
        not await _shown(version, at, office.notices) or await _refused_since(user_id, choice.purpose, at)
    ):
        return
    await decide(user_id, [choice], None, replace(office, clock=_Then(at)), Way(method))


async def object_anew(user_id: UUID, stance: Stance, at: datetime, office: ConsentOffice) -> None:
    """Record an objection, or that it was taken back. Raises SubjectGone."""
    if stance.objected or not await _objected_since(user_id, stance.activity, at):
        await objections.decide(user_id, [stance], _Then(at), NOWHERE, office.on_objection)


async def restrict_anew(user_id: UUID, at: datetime, effect: Effect) -> str | None:
    """Restrict processing to storage; return why that cannot be: the account is closed for another reason."""
    status = await _status(user_id)
    if status not in ("ACTIVE", "RESTRICTED"):
        return f"the account is {status}: restrict processing once that has ended"
    await restrict(user_id, REASON, actor=None, clock=_Then(at), effect=effect)
    return None


async def lift_anew(user_id: UUID, at: datetime) -> None:
    """Lift a restriction, unless there is a later one."""
    row = await fetch_one(
        """SELECT 1 AS one FROM restriction_records r JOIN subject_aliases a ON a.id = r.principal_id
           WHERE a.user_id = $1 AND r.restricted AND r.decided_at > $2""",
        user_id,
        at,
    )
    if row is None and await _status(user_id) == "RESTRICTED":
        await lift_restriction(user_id, REASON, actor=None, clock=_Then(at))


async def _shown(version: str, at: datetime, notices: Notices) -> bool:
    return (await notices.in_force(at)).version == version


async def _refused_since(user_id: UUID, purpose: ConsentPurpose, at: datetime) -> bool:
    row = await fetch_one(
        """SELECT 1 AS one FROM consent_records r JOIN subject_aliases a ON a.id = r.principal_id
           WHERE a.user_id = $1 AND r.purpose = $2 AND NOT r.granted AND r.decided_at > $3""",
        user_id,
        purpose.value,
        at,
    )
    return row is not None


async def _objected_since(user_id: UUID, activity: Objectionable, at: datetime) -> bool:
    row = await fetch_one(
        """SELECT 1 AS one FROM objection_records r JOIN subject_aliases a ON a.id = r.principal_id
           WHERE a.user_id = $1 AND r.activity = $2 AND r.objected AND r.decided_at > $3""",
        user_id,
        activity.value,
        at,
    )
    return row is not None


async def _status(user_id: UUID) -> str:
    row = await fetch_one("SELECT status FROM users WHERE id = $1 FOR UPDATE", user_id)
    return str(row["status"]) if row else "gone"
