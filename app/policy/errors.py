"""What can go wrong with documents."""

from app.core.errors import Conflict, NotFound


class TextChanged(Exception):
    """A text that was published is not shipped any more as it was: nothing may be shown in its place."""


class UnknownVersion(NotFound):
    """No such version is shipped, or it is not published."""


class AlreadyPublished(Conflict):
    """A version is published once; what it says of itself is never changed."""
