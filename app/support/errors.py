"""What can go wrong with support."""

from app.core.errors import Conflict, InvalidInput, NotFound


class ThreadNotFound(NotFound):
    """There is no such thread, or it is not one that the viewer may see."""


class ThreadFull(Conflict):
    """The thread has as many messages as a thread can have."""


class WrongMessage(InvalidInput):
    """The message is empty, too long, or says what does not fit its topic."""


class TooMuchMail(Conflict):
    """An address sends more mail a day than is taken; tomorrow it may."""


class Unreadable(InvalidInput):
    """A mail that cannot be taken: it will not get better by being sent again."""
