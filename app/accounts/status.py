"""Whether an account may be used."""

from enum import StrEnum
from uuid import UUID

from app.accounts.errors import AccountRestricted
from app.audit.queries import latest_note
from app.audit.service import Action


class UserStatus(StrEnum):
    """State of an account."""

    ACTIVE = "ACTIVE"
    RESTRICTED = "RESTRICTED"
    """The person uses it as before; others do nothing with what is stored (Art. 18 GDPR)."""
    SUSPENDED = "SUSPENDED"


async def check_active(user_id: UUID, status: str) -> None:
    """Raise AccountRestricted for a suspended account, with the reason that staff gave."""
    if status == UserStatus.SUSPENDED:
        reason = await latest_note(user_id, Action.SUSPENDED)
        raise AccountRestricted("This account is suspended: write to support to object.", reason or "Not stated.")
