"""What can go wrong with an account."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from app.core.errors import Conflict, InvalidInput, NotFound, NotPermitted


class EmailTaken(Conflict):
    """An account with this address exists."""


class WeakPassword(InvalidInput):
    """The password is too short, too long, or tells too much."""


class AdultsOnly(NotPermitted):
    """The person did not attest to be 18 or older."""


class OtherPolicyVersion(Conflict):
    """The person accepted another version than the one in force."""


class LinkSpent(NotFound):
    """A one-time link that is good for nothing (any more)."""


class StepUpRequired(NotPermitted):
    """A fresh proof of who asks is needed; `methods` are those that are open to them."""

    code = "STEP_UP_REQUIRED"

    def __init__(self, message: str, methods: Sequence[StrEnum]) -> None:
        super().__init__(message)
        self.methods = list(methods)

    def details(self) -> Mapping[str, object]:
        """Return the methods."""
        return {"methods": self.methods}


class WrongCredentials(NotPermitted):
    """No account has this address and password; which of them is wrong is not told."""


class TooManyCodes(NotPermitted):
    """So many wrong codes that none of an app is looked at for a while."""


class ChallengeSpent(NotFound):
    """A sign-in without its second factor that is good for nothing (any more)."""


class TotpExists(Conflict):
    """The person has an authenticator app set up."""


class TooManyPasskeys(Conflict):
    """The person has as many passkeys as anybody may."""


class FactorNotFound(NotFound):
    """The person has no such second factor."""


class IdentityTaken(Conflict):
    """That account at a provider opens another account here."""


class ProviderLinked(Conflict):
    """The person has linked another account at that provider."""


class IdentityNotFound(NotFound):
    """The person has linked no such account."""


class LastWayIn(Conflict):
    """Without it the person could not sign in any more."""


class AddressUnverified(NotPermitted):
    """The provider does not say that the person's address there is verified."""


class OtherAddress(NotPermitted):
    """The address at the provider is not the account's."""


class ProviderUnavailable(Conflict):
    """The provider does not answer, or is not offered here."""


class ProviderRefused(NotPermitted):
    """The person said no at the provider, or the provider for them."""


class AnswerRefused(NotPermitted):
    """What came back from the provider is no answer to what this browser asked."""


class NothingLost(Conflict):
    """Recovery is for people with a second factor, and this one has none."""


class RecoveryNotFound(NotFound):
    """No waiting time runs for the person."""


class AccountRestricted(NotPermitted):
    """The account may not be used at present; only who proves to be its owner is told.

    `reason` is the one that staff gave for the person.
    """

    code = "ACCOUNT_RESTRICTED"

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason

    def details(self) -> Mapping[str, object]:
        """Return the reason."""
        return {"reason": self.reason}


class PersonNotFound(NotFound):
    """There is no such account."""


class OwnAccount(NotPermitted):
    """Staff do not change their own rights: another member of staff does."""


class TooManyKeys(Conflict):
    """The person has as many API keys as one can have."""


class OtherPage(NotPermitted):
    """A browser sent an API key from a page that the key is not for."""


class SessionNotFound(NotFound):
    """The viewer has no such session (any more)."""
