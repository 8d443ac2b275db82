"""Where a privacy request stands, where its steps do, and how it came in: values that are stored, and in the API."""

from collections.abc import Mapping
from enum import StrEnum


class RequestStatus(StrEnum):
    """Where a request stands."""

    AWAITING_VERIFICATION = "AWAITING_VERIFICATION"
    VERIFIED = "VERIFIED"
    IN_PROGRESS = "IN_PROGRESS"
    AWAITING_PROCESSOR = "AWAITING_PROCESSOR"
    COMPLETED = "COMPLETED"
    DENIED = "DENIED"
    CANCELED = "CANCELED"
    EXPIRED = "EXPIRED"


TERMINAL = frozenset({RequestStatus.COMPLETED, RequestStatus.DENIED, RequestStatus.CANCELED, RequestStatus.EXPIRED})
OPEN = frozenset(RequestStatus) - TERMINAL
CANCELABLE = frozenset({RequestStatus.AWAITING_VERIFICATION, RequestStatus.VERIFIED})
"""Nothing of it has been done yet."""
RUNNABLE = frozenset({RequestStatus.VERIFIED, RequestStatus.IN_PROGRESS, RequestStatus.AWAITING_PROCESSOR})


class RequestEvent(StrEnum):
    """What the person's feed says of a request; in the feed each begins with `PRIVACY_`."""

    RECEIVED = "RECEIVED"
    VERIFIED = "VERIFIED"
    STARTED = "STARTED"
    STEP_DONE = "STEP_DONE"
    AWAITING_PROCESSOR = "AWAITING_PROCESSOR"
    EXTENDED = "EXTENDED"
    COMPLETED = "COMPLETED"
    DENIED = "DENIED"
    CANCELED = "CANCELED"
    EXPIRED = "EXPIRED"

    @property
    def entry(self) -> str:
        """How an entry of the feed is called: those of generations have no prefix."""
        return f"PRIVACY_{self.value}"


LAST_EVENTS = frozenset({RequestEvent(status.value) for status in TERMINAL})
"""After one of these nothing follows."""


class StepStatus(StrEnum):
    """Where a step stands."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    AWAITING = "AWAITING"
    """It waits for somebody."""
    DONE = "DONE"


class StepAction(StrEnum):
    """What a step does with what a holder has."""

    CHECK = "CHECK"
    EXPORT = "EXPORT"
    CHANGE = "CHANGE"
    ERASE = "ERASE"
    NOTIFY = "NOTIFY"
    SCAN = "SCAN"


class Regime(StrEnum):
    """Whose law a request is answered by."""

    GDPR = "GDPR"
    CCPA = "CCPA"
    OTHER = "OTHER"


class Residence(StrEnum):
    """Where a person says that they live. It decides the regime, and nothing else."""

    EUROPE = "EUROPE"
    """The European Economic Area, the United Kingdom or Switzerland."""
    CALIFORNIA = "CALIFORNIA"
    ELSEWHERE = "ELSEWHERE"

    @property
    def regime(self) -> Regime:
        """The law that is said to hold."""
        return {Residence.EUROPE: Regime.GDPR, Residence.CALIFORNIA: Regime.CCPA}.get(self, Regime.OTHER)


class Channel(StrEnum):
    """How a request came in."""

    SIGNED_IN = "SIGNED_IN"
    MAIL = "MAIL"
    PAGE = "PAGE"
    STAFF = "STAFF"


def unanswered(alias: str) -> str:
    """Return the condition on open requests whose person still waits for us, in SQL.

    Of an erasure that waits for others all is done here, and the person was told so, and for whom it waits.
    """
    return f"NOT ({alias}.status = 'AWAITING_PROCESSOR' AND {alias}.privacy_right = 'ERASURE')"


STATUSES: Mapping[RequestStatus, str] = {
    RequestStatus.AWAITING_VERIFICATION: "We do not know yet that it is the person: the link that was mailed says so.",
    RequestStatus.VERIFIED: "It is the person. What is asked for begins at `startsAt`.",
    RequestStatus.IN_PROGRESS: "It is being done.",
    RequestStatus.AWAITING_PROCESSOR: "It waits for staff, for who got data from us, or for a link to be opened.",
    RequestStatus.COMPLETED: "It is done.",
    RequestStatus.DENIED: "It was not granted; `denial` says why.",
    RequestStatus.CANCELED: "The person took it back.",
    RequestStatus.EXPIRED: "Nobody proved in time that they are the person. What was collected for it is gone.",
}
