"""Whether an account may be used."""

from enum import StrEnum
from uuid import UUID

from app.accounts.errors import AccountRestricted
from app.audit.queries import latest_note
from app.audit.service import Action
from app.core.db import fetch_one

APPEAL_PATH = "/support?topic=APPEAL"
"""Where somebody who cannot sign in says that a decision about their account is wrong."""


class UserStatus(StrEnum):
    """State of an account."""

    ACTIVE = "ACTIVE"
    RESTRICTED = "RESTRICTED"
    """The person uses it as before; others do nothing with what is stored (Art. 18 GDPR)."""
    SUSPENDED = "SUSPENDED"
    FROZEN = "FROZEN"
    """It is said to be a child's: nobody uses or sees anything of it until that is lifted, or it is deleted."""
    ERASING = "ERASING"
    """Its person asked for its erasure: the same until they take that back, or it is deleted."""


IN_USE = frozenset({UserStatus.ACTIVE, UserStatus.RESTRICTED})
"""What somebody signs in to."""


async def status_in_use(user_id: UUID) -> UserStatus:
    """Return the status of an account once nothing keeps its person out: what the records of restrictions say."""
    row = await fetch_one(
        """SELECT r.restricted FROM restriction_records r JOIN subject_aliases a ON a.id = r.principal_id
           WHERE a.user_id = $1 ORDER BY r.sequence DESC LIMIT 1""",
        user_id,
    )
    return UserStatus.RESTRICTED if row and row["restricted"] else UserStatus.ACTIVE


async def check_active(user_id: UUID, status: str) -> None:
    """Raise AccountRestricted for a suspended account, with the reason that staff gave, and for one that is locked."""
    if status == UserStatus.FROZEN:
        raise AccountRestricted(
            "This account is frozen and is about to be deleted: if the reason is not true, write to us now, at "
            f"{APPEAL_PATH}, and it is given back.",
            "We were told that it belongs to somebody under 18.",
        )
    if status == UserStatus.ERASING:
        raise AccountRestricted(
            "This account is about to be deleted: to keep it, take that back by the link in the mail that we sent you "
            "then, as long as the time lasts that the mail names.",
            "Its deletion was asked for.",
        )
    if status == UserStatus.SUSPENDED:
        reason = await latest_note(user_id, Action.SUSPENDED)
        raise AccountRestricted("This account is suspended: write to support to object.", reason or "Not stated.")
