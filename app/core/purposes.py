"""What staff look at people's data for: each role has its own, and names one with each look."""

from collections.abc import Mapping

from app.core.errors import NotPermitted
from app.core.personal_data import Activity
from app.core.viewer import Role, Viewer

PURPOSES: Mapping[Role, frozenset[Activity]] = {
    Role.USER: frozenset(),
    Role.SUPPORT: frozenset({Activity.ACCOUNT_MANAGEMENT}),
    Role.PRIVACY_OFFICER: frozenset({Activity.ACCOUNT_MANAGEMENT, Activity.LEGAL_COMPLIANCE}),
    Role.MODERATOR: frozenset({Activity.FRAUD_PREVENTION}),
    Role.ADMIN: frozenset({Activity.ACCOUNT_MANAGEMENT, Activity.FRAUD_PREVENTION}),
}


class WrongPurpose(NotPermitted):
    """The viewer's role does not look at people's data for that purpose."""


def check_purpose(viewer: Viewer, activity: Activity) -> None:
    """Raise WrongPurpose where the viewer's role does not look at data for this."""
    allowed = PURPOSES[viewer.role]
    if activity not in allowed:
        known = ", ".join(sorted(allowed)) or "none"
        raise WrongPurpose(f"Your role looks at people's data for: {known}.", path=("purpose",))
