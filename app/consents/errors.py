"""What can go wrong with consents, and why something may not be done."""

from app.core.errors import Conflict, ConsentRequired, InvalidInput, NotFound, NotPermitted


class OtherNotice(Conflict):
    """Something is granted of another version of the privacy policy than the one in force."""


class DecidedTwice(InvalidInput):
    """One call decides the same thing twice, or nothing at all."""


class SubjectGone(NotFound):
    """There is no such person (any more)."""


class ActivityNotDeclared(NotPermitted):
    """The personal data registry does not know this activity for this category of data."""


class ConsentMissing(ConsentRequired):
    """The person did not consent, withdrew it, or has to be asked again."""


class Objected(NotPermitted):
    """The person objected to this activity (Art. 21 GDPR)."""


class SubjectIsMinor(NotPermitted):
    """The person is said to be a child: what is held about them is about to be deleted, and nothing else is done."""


class SubjectLeaving(NotPermitted):
    """The person asked for the erasure of everything: until then it lies, and nothing is done with it."""


class ProcessingRestricted(NotPermitted):
    """Processing of the person's data is restricted to storage (Art. 18 GDPR)."""
