"""What can go wrong with a flag."""

from app.core.errors import Conflict


class NotFlagged(Conflict):
    """No flag holds for the account."""


class PurgeBegun(Conflict):
    """Everything about the person is being deleted: nothing brings it back."""
