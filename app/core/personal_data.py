"""The vocabulary of the personal data registry: what a column holds, why, for how long, and what erasure does to it.

Each domain's `personal_data.py` declares a `Holder` for every table; `app/registries.py` assembles them, and a test
compares the registry with the database, column by column. What nobody declared fails the build.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Category(StrEnum):
    """Kinds of data."""

    IDENTITY = "IDENTITY"
    CREDENTIAL = "CREDENTIAL"
    CONTENT = "CONTENT"
    ACTIVITY = "ACTIVITY"
    NOT_PERSONAL = "NOT_PERSONAL"


class Basis(StrEnum):
    """Legal bases of Art. 6(1) GDPR."""

    CONTRACT = "CONTRACT"
    CONSENT = "CONSENT"
    LEGITIMATE_INTEREST = "LEGITIMATE_INTEREST"
    LEGAL_OBLIGATION = "LEGAL_OBLIGATION"


class Activity(StrEnum):
    """Why something is processed; the privacy policy's table (P21) gives each one its basis."""

    ACCOUNT_MANAGEMENT = "ACCOUNT_MANAGEMENT"
    PAYMENT_PROCESSING = "PAYMENT_PROCESSING"
    IMAGE_GENERATION = "IMAGE_GENERATION"
    ANALYTICS = "ANALYTICS"
    MARKETING = "MARKETING"
    FRAUD_PREVENTION = "FRAUD_PREVENTION"
    LEGAL_COMPLIANCE = "LEGAL_COMPLIANCE"
    MODEL_TRAINING = "MODEL_TRAINING"
    """On what people made public."""
    PRIVATE_TRAINING = "PRIVATE_TRAINING"
    """On what is private: only of whoever consented."""
    ANALYTICS_COOKIES = "ANALYTICS_COOKIES"
    PREFERENCE_COOKIES = "PREFERENCE_COOKIES"
    FACE_REFERENCES = "FACE_REFERENCES"

    @property
    def basis(self) -> Basis:
        """The legal basis that this activity rests on."""
        return _BASES[self]


_BASES = {
    Activity.ACCOUNT_MANAGEMENT: Basis.CONTRACT,
    Activity.PAYMENT_PROCESSING: Basis.CONTRACT,
    Activity.IMAGE_GENERATION: Basis.CONTRACT,
    Activity.ANALYTICS: Basis.LEGITIMATE_INTEREST,
    Activity.MARKETING: Basis.CONSENT,
    Activity.FRAUD_PREVENTION: Basis.LEGITIMATE_INTEREST,
    Activity.LEGAL_COMPLIANCE: Basis.LEGAL_OBLIGATION,
    Activity.MODEL_TRAINING: Basis.LEGITIMATE_INTEREST,
    Activity.PRIVATE_TRAINING: Basis.CONSENT,
    Activity.ANALYTICS_COOKIES: Basis.CONSENT,
    Activity.PREFERENCE_COOKIES: Basis.CONSENT,
    Activity.FACE_REFERENCES: Basis.CONSENT,
}


class Retention(StrEnum):
    """How long something is kept."""

    ACCOUNT = "while the account exists"
    OBJECT = "as long as what it belongs to"
    SESSION = "until it expires or is revoked"
    KEY = "until it is revoked, at most 30 days after it expired"
    CONNECTION = "until the app is disconnected, at most a year"
    LINK = "until it was used, at most 3 days"
    DAY = "24 hours"
    RECOVERY = "until the waiting time ends or is ended"
    CHALLENGE = "until it is answered, at most 10 minutes"
    REFERENCE = "24 hours, or while the account exists where it is saved"
    UPLOAD = "at most 2 hours; its bytes until it is used"
    COPYING = "until it is copied, at most a day"
    WEEK = "7 days after it ended"
    NOT_PERSONAL = "not personal"


class OnErasure(StrEnum):
    """What erasure of the person does."""

    DELETE = "DELETE"
    DETACH = "DETACH"
    """It stays, under a random alias that leads to nobody any more."""
    NOTHING = "NOTHING"
    """Only for what is not personal."""


@dataclass(frozen=True, slots=True)
class Column:
    """What one column holds about the subject."""

    category: Category
    activities: tuple[Activity, ...] = ()
    retention: Retention = Retention.ACCOUNT
    exported: bool = True
    on_erasure: OnErasure = OnErasure.DELETE

    def __post_init__(self) -> None:
        personal = self.category is not Category.NOT_PERSONAL
        if personal and (not self.activities or self.on_erasure is OnErasure.NOTHING):
            raise ValueError("personal data needs an activity and an erasure rule")


NOT_PERSONAL = Column(Category.NOT_PERSONAL, (), Retention.NOT_PERSONAL, False, OnErasure.NOTHING)


@dataclass(frozen=True, slots=True)
class Holder:
    """A table that may hold something about a person.

    `subject` is the path from a row to the person, in columns (`user_id`, `generation_id -> generations.user_id`);
    None where no row belongs to anybody.
    """

    table: str
    subject: str | None
    columns: Mapping[str, Column]
