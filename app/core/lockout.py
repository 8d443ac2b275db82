"""Accounts that are locked: nobody uses or sees anything of them, nothing is done for them, and nothing of them is lost
until they are erased, or given back.

Whoever identifies somebody, shows something of theirs, sends them mail or works for them asks by `locked`.
"""

from datetime import timedelta

LOCKED = frozenset({"FROZEN", "ERASING"})
"""The statuses of an account (`app.accounts.status`) that lock it."""
LOCKED_FOR = timedelta(hours=1)
"""How long what waits for a locked account to be given back waits until that is looked at again."""
_NAMES = ", ".join(f"'{status}'" for status in sorted(LOCKED))


def locked(alias: str) -> str:
    """Return the condition on rows of `users` that are locked, in SQL."""
    return f"{alias}.status IN ({_NAMES})"


def unlocked(alias: str) -> str:
    """Return the condition on rows of `users` that are not."""
    return f"{alias}.status NOT IN ({_NAMES})"


def standing(alias: str) -> str:
    """Return the status of rows of `users` but for an erasure that their person asked for, in SQL."""
    return f"coalesce({alias}.status_before_erasure, {alias}.status)"


def frozen(alias: str) -> str:
    """Return the condition on rows of `users` that are said to be a child's, whatever else is so, in SQL."""
    return f"{standing(alias)} = 'FROZEN'"
