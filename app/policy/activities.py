"""The register of processing activities: why people's data is processed, on which basis, and about whom.

The policy's table (P21) has eight of them; what rests on consent beside those is our decision. Which data serves each,
for how long, and who gets it is not repeated here: `app/policy/record.py` reads it from the other registers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.core.personal_data import Activity, Basis


class Source(StrEnum):
    """Where an activity comes from."""

    TEXT = "TEXT"
    """A row of the table in the policy that we were given."""
    DECISION = "DECISION"
    """A decision about the product, which a lawyer should look at."""


class People(StrEnum):
    """Categories of data subjects (Art. 30(1)(c) GDPR)."""

    ACCOUNT_HOLDERS = "people who have an account"
    VISITORS = "people who visit without one"
    DEPICTED = "people whose face is on a picture that somebody sent"
    STAFF = "people who work for the service"


@dataclass(frozen=True, slots=True)
class ProcessingActivity:
    """An activity, for people."""

    activity: Activity
    name: str
    purpose: str
    people: tuple[People, ...]
    source: Source
    interest: str | None = None
    """The legitimate interest that is pursued (Art. 13(1)(d) GDPR)."""
    planned: bool = False
    """Nothing is processed for it yet; the registry may say already which data it would be allowed."""

    def __post_init__(self) -> None:
        if (self.basis is Basis.LEGITIMATE_INTEREST) is not (self.interest is not None):
            raise ValueError(f"{self.activity}: a legitimate interest is named, and only where it is the basis")
        if not self.people:
            raise ValueError(f"{self.activity}: say about whom")

    @property
    def basis(self) -> Basis:
        """Its legal basis."""
        return self.activity.basis


_HOLDERS = (People.ACCOUNT_HOLDERS,)
_ACTIVITIES = (
    ProcessingActivity(
        Activity.ACCOUNT_MANAGEMENT,
        "Account management",
        "Opening accounts, signing people in, letting apps in that they choose, writing to them about it, and "
        "answering whoever writes to support.",
        (People.ACCOUNT_HOLDERS, People.VISITORS, People.STAFF),
        Source.TEXT,
    ),
    ProcessingActivity(
        Activity.PAYMENT_PROCESSING,
        "Payment processing",
        "Selling credits, and keeping the books about it.",
        _HOLDERS,
        Source.TEXT,
        planned=True,
    ),
    ProcessingActivity(
        Activity.IMAGE_GENERATION,
        "AI image generation",
        "Making pictures of what people describe and send, keeping them, and showing them to whom their makers choose.",
        (People.ACCOUNT_HOLDERS, People.DEPICTED),
        Source.TEXT,
    ),
    ProcessingActivity(
        Activity.ANALYTICS,
        "Analytics",
        "Counting how the service is used, to make it better.",
        (People.ACCOUNT_HOLDERS, People.VISITORS),
        Source.TEXT,
        "Knowing what works and what does not.",
    ),
    ProcessingActivity(
        Activity.MARKETING,
        "Marketing communications",
        "Writing about news and offers to people who asked for it.",
        _HOLDERS,
        Source.TEXT,
    ),
    ProcessingActivity(
        Activity.FRAUD_PREVENTION,
        "Fraud prevention",
        "Noticing and stopping attempts on accounts and on the service, and keeping a record that nobody can rewrite.",
        (People.ACCOUNT_HOLDERS, People.VISITORS, People.STAFF),
        Source.TEXT,
        "Keeping accounts with their owners, and the service there for everybody.",
    ),
    ProcessingActivity(
        Activity.LEGAL_COMPLIANCE,
        "Legal compliance",
        "Doing what the law asks, answering people who use their rights, and being able to show it.",
        (People.ACCOUNT_HOLDERS, People.VISITORS, People.DEPICTED, People.STAFF),
        Source.TEXT,
    ),
    ProcessingActivity(
        Activity.MODEL_TRAINING,
        "AI model training (public content)",
        "Training models on what people made public, unless they object.",
        _HOLDERS,
        Source.TEXT,
        "Models that draw better.",
    ),
    ProcessingActivity(
        Activity.PRIVATE_TRAINING,
        "AI model training (private content)",
        "Training models on what is private, of people who agreed to it.",
        _HOLDERS,
        Source.DECISION,
    ),
    ProcessingActivity(
        Activity.ANALYTICS_COOKIES,
        "Analytics cookies",
        "Telling visits of one browser together, of people who agreed to it.",
        (People.ACCOUNT_HOLDERS, People.VISITORS),
        Source.DECISION,
    ),
    ProcessingActivity(
        Activity.PREFERENCE_COOKIES,
        "Preference cookies",
        "Remembering in the browser how people like our pages, if they agreed to it.",
        (People.ACCOUNT_HOLDERS, People.VISITORS),
        Source.DECISION,
    ),
    ProcessingActivity(
        Activity.FACE_REFERENCES,
        "Pictures of faces to go by",
        "Taking a picture with a face as a model for new ones, of people who said whose it is and agreed to it.",
        (People.ACCOUNT_HOLDERS, People.DEPICTED),
        Source.DECISION,
    ),
)

PROCESSING_ACTIVITIES: Mapping[Activity, ProcessingActivity] = {each.activity: each for each in _ACTIVITIES}
"""Every activity that anything can be processed for."""
