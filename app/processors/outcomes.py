"""What can become of a disclosure, and what the gate refuses it for. The values are stored and appear in the API."""

from collections.abc import Mapping
from enum import StrEnum


class Outcome(StrEnum):
    """How it ended."""

    SENT = "SENT"
    REFUSED = "REFUSED"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"
    """Never stored: what a row without an outcome is called."""


class Refusal(StrEnum):
    """Why nothing left."""

    PROCESSOR_UNREGISTERED = "PROCESSOR_UNREGISTERED"
    ACTIVITY_NOT_REGISTERED = "ACTIVITY_NOT_REGISTERED"
    CATEGORY_NOT_REGISTERED = "CATEGORY_NOT_REGISTERED"
    FACE_WITHOUT_PROOF = "FACE_WITHOUT_PROOF"
    ADDRESS_REFUSED = "ADDRESS_REFUSED"


class Deletion(StrEnum):
    """What the recipient answered when it was told to delete what it got."""

    CONFIRMED = "CONFIRMED"
    REFUSED = "REFUSED"
    NO_ANSWER = "NO_ANSWER"


OUTCOMES: Mapping[Outcome, str] = {
    Outcome.SENT: "It left, and the recipient answered.",
    Outcome.REFUSED: "Nothing left: our own rules forbade it.",
    Outcome.FAILED: "It broke off: the recipient may have got it, and did not answer as it should.",
    Outcome.UNKNOWN: "Nobody wrote down how it ended: it is under way, or our process died. It may have left.",
}
REFUSALS: Mapping[Refusal, str] = {
    Refusal.PROCESSOR_UNREGISTERED: "The recipient is not in the register of processors.",
    Refusal.ACTIVITY_NOT_REGISTERED: "The register does not let the recipient have anything for this.",
    Refusal.CATEGORY_NOT_REGISTERED: "The register does not let the recipient have this kind of data.",
    Refusal.FACE_WITHOUT_PROOF: "The recipient gives no proof that it keeps nothing, so it gets no faces.",
    Refusal.ADDRESS_REFUSED: "The recipient pointed to an address that is not on the public Internet.",
}
DELETIONS: Mapping[Deletion, str] = {
    Deletion.CONFIRMED: "It was deleted.",
    Deletion.REFUSED: "The recipient said no.",
    Deletion.NO_ANSWER: "There was no answer.",
}
