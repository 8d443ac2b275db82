"""What the gate refuses, each with an error of its own. Nothing left."""

from app.core.errors import AppError
from app.processors.outcomes import Refusal


class DisclosureRefused(AppError):
    """The register does not allow what was about to leave."""

    code = "DISCLOSURE_REFUSED"
    refusal: Refusal


class ProcessorUnregistered(DisclosureRefused):
    """Nobody declared this recipient."""

    code = "PROCESSOR_UNREGISTERED"
    refusal = Refusal.PROCESSOR_UNREGISTERED


class ActivityNotRegistered(DisclosureRefused):
    """The recipient is not declared for what it was to be done for."""

    code = "ACTIVITY_NOT_REGISTERED"
    refusal = Refusal.ACTIVITY_NOT_REGISTERED


class CategoryNotRegistered(DisclosureRefused):
    """The recipient is not declared for this kind of data."""

    code = "CATEGORY_NOT_REGISTERED"
    refusal = Refusal.CATEGORY_NOT_REGISTERED


class FaceWithoutProof(DisclosureRefused):
    """The recipient gives no proof that it keeps nothing, so it gets no faces (P12)."""

    code = "FACE_WITHOUT_PROOF"
    refusal = Refusal.FACE_WITHOUT_PROOF
