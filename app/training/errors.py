"""What can go wrong with data sets."""

from app.core.errors import Conflict, NotFound


class SetNotFound(NotFound):
    """There is no data set of that name."""


class NotSealed(Conflict):
    """The data set is still being built."""


class OtherSetOpen(Conflict):
    """Another data set was begun and not finished."""


class NameTaken(Conflict):
    """There is a data set of that name."""


class DoesNotHold(Conflict):
    """A data set is not what was sealed with that key."""
