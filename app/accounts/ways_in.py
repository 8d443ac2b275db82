"""Nobody removes the last way in to their account."""

from uuid import UUID

from app.accounts.errors import LastWayIn
from app.core.db import fetch_one


async def require_one(user_id: UUID) -> None:
    """Raise LastWayIn where the person could not sign in any more, in the caller's transaction, which then undoes it.

    The password counts where an address is confirmed that it goes with. That a new password could be mailed does not
    count: the mailbox may be at the very provider that is removed.
    """
    row = await fetch_one(
        """SELECT (u.password_hash IS NOT NULL AND u.confirmed_email IS NOT NULL)
                  OR EXISTS (SELECT FROM passkeys WHERE user_id = u.id)
                  OR EXISTS (SELECT FROM identities WHERE user_id = u.id) AS open
           FROM users u WHERE u.id = $1""",
        user_id,
    )
    if row is not None and not row["open"]:
        raise LastWayIn(
            "It is the only way in to your account: set a password first (ask for a link where you sign in), or add a "
            "passkey.",
            path=("id",),
        )
