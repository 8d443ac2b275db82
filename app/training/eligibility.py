"""Whether pictures may train models (privacy policy, P08): what is public unless its author objects, what is private
only with their consent. Never references, nor what was made by one, and nothing of whose account is not in full use.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.consents.enforcement import PurposeLimitation
from app.consents.errors import ActivityNotDeclared, ConsentMissing, Objected, ProcessingRestricted
from app.core.db import Row
from app.core.errors import AppError
from app.core.personal_data import Activity, Basis, Category
from app.core.purposes import Allows
from app.generation.status import GenerationStatus
from app.generation.wishes import Visibility

ACTIVITIES = {Visibility.PUBLIC: Activity.MODEL_TRAINING, Visibility.PRIVATE: Activity.PRIVATE_TRAINING}
USED = frozenset({"ACTIVE", "RESTRICTED"})
"""States of an account of which `allows` says all there is to say."""


class TrainingRefusal(StrEnum):
    """Why pictures may not train models."""

    NO_PICTURES = "NO_PICTURES"
    MADE_FROM_REFERENCE = "MADE_FROM_REFERENCE"
    NO_CONSENT = "NO_CONSENT"
    OBJECTED = "OBJECTED"
    RESTRICTED = "RESTRICTED"
    ACCOUNT_NOT_ACTIVE = "ACCOUNT_NOT_ACTIVE"
    ADDRESS_NOT_CONFIRMED = "ADDRESS_NOT_CONFIRMED"


IN_WORDS: Mapping[TrainingRefusal, str] = {
    TrainingRefusal.NO_PICTURES: "There are no finished pictures: nothing is to be done.",
    TrainingRefusal.MADE_FROM_REFERENCE: "They were made by a reference picture, and such are never used.",
    TrainingRefusal.NO_CONSENT: "They are private, and you did not agree to training on private pictures, or have to "
    "be asked again: TRAINING_ON_PRIVATE_CONTENT in `setConsents` is where you would.",
    TrainingRefusal.OBJECTED: "You objected to training on public pictures: `setObjections` takes that back.",
    TrainingRefusal.RESTRICTED: "Your data may only be stored, as you asked: that ends first.",
    TrainingRefusal.ACCOUNT_NOT_ACTIVE: "Your account is not in use at present: write to support.",
    TrainingRefusal.ADDRESS_NOT_CONFIRMED: "You have not confirmed your address: the mail that you got has a link.",
}
"""What the person is told: why not, and what they would do about it."""
YES_IN_WORDS: Mapping[Visibility, str] = {
    Visibility.PUBLIC: "They are public, and you did not object: `setObjections` with MODEL_TRAINING is how you do.",
    Visibility.PRIVATE: "They are private, and you agreed: `setConsents` is where you take that back.",
}

_REFUSALS: Mapping[type[AppError], TrainingRefusal] = {
    ConsentMissing: TrainingRefusal.NO_CONSENT,
    Objected: TrainingRefusal.OBJECTED,
    ProcessingRestricted: TrainingRefusal.RESTRICTED,
}


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whether a generation's pictures may, on which basis, or why not."""

    visibility: Visibility
    refusals: tuple[TrainingRefusal, ...]

    @property
    def eligible(self) -> bool:
        """Whether nothing stands against it."""
        return not self.refusals

    @property
    def basis(self) -> Basis | None:
        """What it would rest on."""
        return None if self.refusals else ACTIVITIES[self.visibility].basis

    @property
    def explanation(self) -> str:
        """It in words."""
        return " ".join(IN_WORDS[each] for each in self.refusals) or YES_IN_WORDS[self.visibility]


@dataclass(frozen=True, slots=True)
class Answers:
    """What `allows` says of some people, for both activities."""

    refused: Mapping[Visibility, Mapping[UUID, type[AppError] | None]]

    def refusal(self, person: UUID, visibility: Visibility) -> TrainingRefusal | None:
        """Return why pictures of that visibility of theirs may not; a reason that is new here is a no too."""
        found = self.refused[visibility][person]
        return _REFUSALS.get(found, TrainingRefusal.ACCOUNT_NOT_ACTIVE) if found else None


async def ask(people: Sequence[UUID], limitation: PurposeLimitation) -> Answers:
    """Ask of some people, by as many statements as of one: three. Raises ActivityNotDeclared."""
    return Answers(
        {
            visibility: await limitation.refusals(people, activity, Category.CONTENT)
            for visibility, activity in ACTIVITIES.items()
        }
    )


async def ask_about(person: UUID, allows: Allows) -> Answers:
    """Ask of one person, by three statements. Raises ActivityNotDeclared."""
    refused: dict[Visibility, Mapping[UUID, type[AppError] | None]] = {}
    for visibility, activity in ACTIVITIES.items():
        refused[visibility] = {person: None}
        try:
            await allows(person, activity, Category.CONTENT)
        except ActivityNotDeclared:
            raise
        except AppError as error:
            refused[visibility] = {person: type(error)}
    return Answers(refused)


def eligibility(facts: Row, answers: Answers) -> Eligibility:
    """Return what holds of one picture or generation, by facts of `FACTS`."""
    visibility, account = Visibility(facts["visibility"]), facts["account"]
    against: list[TrainingRefusal] = []
    if facts["status"] != GenerationStatus.SUCCEEDED or not facts["stored"]:
        against.append(TrainingRefusal.NO_PICTURES)
    if facts["from_reference"]:
        against.append(TrainingRefusal.MADE_FROM_REFERENCE)
    refusal = answers.refusal(facts["user_id"], visibility)
    if account not in USED:
        refusal = TrainingRefusal.ACCOUNT_NOT_ACTIVE
    if refusal:
        against.append(refusal)
    if not facts["confirmed"]:
        against.append(TrainingRefusal.ADDRESS_NOT_CONFIRMED)
    return Eligibility(visibility, tuple(against))


FACTS = """g.id AS generation_id, g.user_id, g.visibility, g.status, u.status AS account,
           u.confirmed_email IS NOT NULL AS confirmed,
           EXISTS (SELECT FROM generation_references r WHERE r.generation_id = g.id) AS from_reference"""
"""Columns that `eligibility` goes by, of generations `g` and users `u`; `stored` beside them is the statement's."""
