"""The vocabulary of the personal data registry: what a column holds, why, for how long, and what erasure does to it.

Each domain's `personal_data.py` declares a `Holder` for every table and a `Store` for everything else that it keeps:
objects, keys in Valkey, cookies, what processors got. `app/registries.py` assembles them; `make check` compares the
registry with the models, and tests do with the database and with what really lies in each store. What nobody declared
fails the build.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Category(StrEnum):
    """Kinds of data."""

    IDENTITY = "IDENTITY"
    """Who somebody is: name, picture, rights, accounts elsewhere."""
    CONTACT = "CONTACT"
    """Where somebody is reached, what was written to them, and what they wrote to us."""
    CREDENTIAL = "CREDENTIAL"
    """What opens an account, or a hash of it."""
    CONTENT = "CONTENT"
    """What somebody wrote, sent or had made."""
    FACE = "FACE"
    """Whether, where and whose a face is in a picture that somebody sent. What is in it is never computed."""
    ACTIVITY = "ACTIVITY"
    """What somebody did, when, and from which truncated network and family of devices."""
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
    """How long something is kept, in words; `app/core/retention.py` says of each when it begins and who ends it."""

    ACCOUNT = "while the account exists"
    RECORD = "7 years after it was written or ceased to count, from erasure on under a random name that leads to nobody"
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
    ANSWER = "30 days after the request that it belongs to was answered"
    SUPPORT = "a year after the last message of the thread"
    HOUR = "at most an hour"
    MOMENT = "not kept: it passes through"
    MAILBOX = "the latest 200"
    BROWSER = "in the person's browser, until they sign out, or remove it"
    CHOICE = "in the person's browser, at most half a year, or until they remove it"
    BACKUP = "as long as a backup of before may exist"
    PROCESSOR = "as long as the recipient says in the register of processors"
    NOT_PERSONAL = "not personal"


class Withheld(StrEnum):
    """Why something personal is in no export (Art. 15(4), 20 and 23 GDPR leave room for these, and no others)."""

    CREDENTIAL = "It opens the account, or is a hash of what does: a copy would be a second key."
    NUMBER = "It is bookkeeping that says nothing of the person: a hash or a number."
    COPY = "It is a copy of something that is exported from where it comes from."
    ELSEWHERE = "It is not with us: the person has it, or asks whoever got it."
    BARRED = "The law forbids to tell of it for now; the person is told, and has it exported, when that ends."


class OnErasure(StrEnum):
    """What erasure of the person does."""

    DELETE = "DELETE"
    DETACH = "DETACH"
    """It stays, under a random alias that leads to nobody any more."""
    KEEP = "KEEP"
    """It stays, for a reason that the law knows, until a time that is named."""
    EXPIRES = "EXPIRES"
    """It cannot be found by person, and is gone by itself, within a time that its retention rule bounds."""
    NOTHING = "NOTHING"
    """Only for what is not personal."""


@dataclass(frozen=True, slots=True)
class Keep:
    """Why something outlives an erasure (Art. 17(3) GDPR), and until when."""

    reason: str
    until: str

    def __post_init__(self) -> None:
        if not self.reason.strip() or not self.until.strip():
            raise ValueError("what erasure keeps needs a reason and an end")


@dataclass(frozen=True, slots=True)
class Column:
    """What one column holds about the subject."""

    category: Category
    activities: tuple[Activity, ...] = ()
    retention: Retention = Retention.ACCOUNT
    withheld: Withheld | None = None
    """Why no export has it; None: every export does."""
    on_erasure: OnErasure = OnErasure.DELETE
    keep: Keep | None = None

    def __post_init__(self) -> None:
        if self.is_personal and (not self.activities or self.on_erasure is OnErasure.NOTHING):
            raise ValueError("personal data needs an activity and an erasure rule")
        if self.is_personal and self.retention is Retention.NOT_PERSONAL:
            raise ValueError("personal data needs a retention rule")
        if (self.on_erasure is OnErasure.KEEP) is not (self.keep is not None):
            raise ValueError("KEEP needs a reason and an end, and nothing else has them")

    @property
    def is_personal(self) -> bool:
        """Whether it says anything about anybody."""
        return self.category is not Category.NOT_PERSONAL

    @property
    def exported(self) -> bool:
        """Whether an export of the person's data has it."""
        return self.is_personal and self.withheld is None

    @property
    def erased(self) -> bool:
        """Whether nothing of it leads to the person after an erasure."""
        return self.is_personal and self.on_erasure is not OnErasure.KEEP


NOT_PERSONAL = Column(Category.NOT_PERSONAL, (), Retention.NOT_PERSONAL, on_erasure=OnErasure.NOTHING)


class Medium(StrEnum):
    """Where things are."""

    TABLE = "TABLE"
    OBJECT_STORE = "OBJECT_STORE"
    VALKEY = "VALKEY"
    FOLDER = "FOLDER"
    BROWSER = "BROWSER"
    PROCESSOR = "PROCESSOR"
    LOG = "LOG"


class PersonalDataHolder(Protocol):
    """Anything that may hold something about a person."""

    @property
    def name(self) -> str:
        """How the registry calls it."""
        ...

    @property
    def medium(self) -> Medium:
        """Where it is."""
        ...

    @property
    def holds(self) -> str | None:
        """What that is, in words; None where the names of its columns say it."""
        ...

    @property
    def subject(self) -> str | None:
        """How what it holds leads to the person; None where nothing in it is anybody's."""
        ...

    @property
    def columns(self) -> Mapping[str, Column]:
        """What it holds, part by part."""
        ...


@dataclass(frozen=True, slots=True)
class Holder:
    """A table that may hold something about a person.

    `subject` is the path from a row to the person, in columns (`user_id`, `generation_id -> generations.user_id`);
    None where no row belongs to anybody.
    """

    table: str
    subject: str | None
    columns: Mapping[str, Column]

    @property
    def name(self) -> str:
        """The table's."""
        return self.table

    @property
    def medium(self) -> Medium:
        """A table."""
        return Medium.TABLE

    @property
    def holds(self) -> str | None:
        """Its columns say it."""
        return None


@dataclass(frozen=True, slots=True)
class Store:
    """Something that is no table and may hold something about a person.

    `keys` is how the names of what lies there begin: keys of objects and of Valkey, names of files; of a browser, whole
    names of cookies; of processors, the kinds of data that leave. `subject` says how an entry leads to the person.
    """

    name: str
    medium: Medium
    keys: tuple[str, ...]
    subject: str | None
    holds: str
    content: Column

    def __post_init__(self) -> None:
        if not self.holds.strip():
            raise ValueError(f"{self.name}: say what it holds")
        if self.content.is_personal is (self.subject is None):
            raise ValueError(f"{self.name}: what is personal leads to a person, and nothing else does")

    @property
    def columns(self) -> Mapping[str, Column]:
        """All that it holds, as one part."""
        return {"content": self.content}
