"""What can go wrong with campaigns."""

from app.core.errors import Conflict, InvalidInput, NotFound


class NoCampaign(NotFound):
    """There is no campaign of that id."""


class NotAText(InvalidInput):
    """A file is no text of a campaign."""


class SentBefore(Conflict):
    """The same text was sent before."""
