"""Whether pictures may train models (privacy policy, P08): what is public unless its author objects, what is private
only with their consent, and nothing of whoever is restricted to storage or may be a child. Reference pictures never.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.consents.errors import ConsentMissing, Objected, ProcessingRestricted, SubjectIsMinor
from app.core.errors import AppError
from app.core.personal_data import Activity, Basis, Category
from app.core.purposes import Allows
from app.generation.status import GenerationStatus
from app.generation.wishes import Visibility

ACTIVITIES = {Visibility.PUBLIC: Activity.MODEL_TRAINING, Visibility.PRIVATE: Activity.PRIVATE_TRAINING}


class TrainingRefusal(StrEnum):
    """Why pictures may not train models."""

    NO_PICTURES = "NO_PICTURES"
    NO_CONSENT = "NO_CONSENT"
    OBJECTED = "OBJECTED"
    RESTRICTED = "RESTRICTED"
    MINOR = "MINOR"


_REFUSALS: Mapping[type[AppError], TrainingRefusal] = {
    ConsentMissing: TrainingRefusal.NO_CONSENT,
    Objected: TrainingRefusal.OBJECTED,
    ProcessingRestricted: TrainingRefusal.RESTRICTED,
    SubjectIsMinor: TrainingRefusal.MINOR,
}


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whether a generation's pictures may, on which basis, or why not."""

    basis: Basis | None
    refusals: tuple[TrainingRefusal, ...]

    @property
    def eligible(self) -> bool:
        """Whether nothing stands against it."""
        return not self.refusals


async def refusal(author: UUID, visibility: Visibility, allows: Allows) -> TrainingRefusal | None:
    """Return why pictures of that visibility may not; None where they may. Two statements at most."""
    try:
        await allows(author, ACTIVITIES[visibility], Category.CONTENT)
    except (ConsentMissing, Objected, ProcessingRestricted, SubjectIsMinor) as error:
        return _REFUSALS[type(error)]
    return None


def eligibility(visibility: Visibility, status: GenerationStatus, refused: TrainingRefusal | None) -> Eligibility:
    """Return what holds of one generation, by what holds of its author."""
    reasons = [] if status is GenerationStatus.SUCCEEDED else [TrainingRefusal.NO_PICTURES]
    refusals = (*reasons, *((refused,) if refused else ()))
    return Eligibility(None if refusals else ACTIVITIES[visibility].basis, refusals)
