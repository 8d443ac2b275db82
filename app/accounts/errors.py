"""What can go wrong with an account."""

from app.core.errors import Conflict, InvalidInput, NotPermitted


class EmailTaken(Conflict):
    """An account with this address exists."""


class WeakPassword(InvalidInput):
    """The password is too short, too long, or tells too much."""


class AdultsOnly(NotPermitted):
    """The person did not attest to be 18 or older."""


class OtherPolicyVersion(Conflict):
    """The person accepted another version than the one in force."""


class WrongCredentials(NotPermitted):
    """No account has this address and password; which of them is wrong is not told."""
