"""Commands about an account whose person asked for its erasure, each in the caller's transaction.

Such an account is locked on top of whatever else it is: what it is said to be a child's, suspended or restricted for is
decided as before meanwhile, and is what holds again where the person takes it back.
"""

from uuid import UUID

from app.accounts.status import UserStatus
from app.core.db import execute, fetch_one
from app.core.lockout import standing


async def lock_out(user_id: UUID) -> None:
    """Have nobody use or see anything of an account from now on. Its sessions end; nothing else of it is lost."""
    await execute(
        """UPDATE users SET status = 'ERASING', status_before_erasure = status
           WHERE id = $1 AND status <> 'ERASING'""",
        user_id,
    )
    await execute("DELETE FROM sessions WHERE user_id = $1", user_id)


async def give_back(user_id: UUID) -> None:
    """Let an account be again what it would be by now if nobody had asked for its erasure."""
    await execute(
        """UPDATE users SET status = status_before_erasure, status_before_erasure = NULL
           WHERE id = $1 AND status = 'ERASING'""",
        user_id,
    )


async def standing_of(user_id: UUID) -> UserStatus:
    """Return the status but for an erasure; the caller has locked the account, and knows that it is there."""
    row = await fetch_one(f"SELECT {standing('u')} AS standing FROM users u WHERE u.id = $1", user_id)  # noqa: S608
    assert row is not None
    return UserStatus(row["standing"])


async def set_standing(user_id: UUID, status: UserStatus) -> UserStatus:
    """Give an account another status but for an erasure; return the one that holds."""
    row = await fetch_one(
        """UPDATE users SET status = CASE status WHEN 'ERASING' THEN status ELSE $2 END,
                  status_before_erasure = CASE status WHEN 'ERASING' THEN $2 END
           WHERE id = $1 RETURNING status""",
        user_id,
        status.value,
    )
    assert row is not None
    return UserStatus(row["status"])
