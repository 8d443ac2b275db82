"""What people's data is looked at for. Staff name a purpose with each look, and each role has its own; whoever reads
outside of a person's own view asks `Allows` first, which the composition root hands to every query that does.
"""

from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

from app.core.errors import NotPermitted
from app.core.lockout import unlocked
from app.core.personal_data import Activity, Category
from app.core.viewer import Role

PURPOSES: Mapping[Role, frozenset[Activity]] = {
    Role.USER: frozenset(),
    Role.SUPPORT: frozenset({Activity.ACCOUNT_MANAGEMENT}),
    Role.PRIVACY_OFFICER: frozenset({Activity.ACCOUNT_MANAGEMENT, Activity.LEGAL_COMPLIANCE}),
    Role.MODERATOR: frozenset({Activity.FRAUD_PREVENTION}),
    Role.ADMIN: frozenset({Activity.ACCOUNT_MANAGEMENT, Activity.FRAUD_PREVENTION, Activity.LEGAL_COMPLIANCE}),
}


UNRESTRICTABLE = frozenset({Activity.LEGAL_COMPLIANCE})
"""What goes on while processing is restricted to storage: answering the person, and legal claims (Art. 18(2) GDPR)."""


class WrongPurpose(NotPermitted):
    """The viewer's role does not look at people's data for that purpose."""


def check_purpose(role: Role, activity: Activity) -> None:
    """Raise WrongPurpose where this role does not look at data for this."""
    allowed = PURPOSES[role]
    if activity not in allowed:
        known = ", ".join(sorted(allowed)) or "none"
        raise WrongPurpose(f"Your role looks at people's data for: {known}.", path=("purpose",))


class Allows(Protocol):
    """Whether something may be done with a category of somebody's data (Art. 5(1)(b) GDPR: purpose limitation)."""

    async def __call__(
        self, subject: UUID | None, activity: Activity, category: Category, role: Role | None = None
    ) -> None:
        """Return if it may, else raise an AppError that says why not.

        `subject` None: many people at once. Only what is true of everybody is checked then, and the statement that
        reads leaves out who is restricted (`reachable`). `role` is that of the member of staff who looks; None: the
        service itself does.
        """
        ...


def reachable(activity: Activity, alias: str) -> str:
    """Return the condition on rows of `users` that leaves out who is locked, or whose data may only be stored."""
    return "TRUE" if activity in UNRESTRICTABLE else f"({unlocked(alias)} AND NOT {restricted(alias)})"


def restricted(alias: str) -> str:
    """Return the condition on rows of `users` that is true of people whose data may only be stored.

    An account has one status. While it is suspended, or locked, the records alone know of a restriction.
    """
    return f"""({alias}.status = 'RESTRICTED' OR ({alias}.status <> 'ACTIVE' AND COALESCE((
      SELECT said.restricted FROM restriction_records said JOIN subject_aliases named ON named.id = said.principal_id
      WHERE named.user_id = {alias}.id ORDER BY said.sequence DESC LIMIT 1), FALSE)))"""  # noqa: S608
