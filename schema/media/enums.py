"""The enums of media, registered once."""

from enum import StrEnum

import strawberry

from app.media.acknowledgement import FaceStatement
from app.media.references import PURPOSE

strawberry.enum(
    FaceStatement, description="Whose face it is. `faceAcknowledgement` has the words that each stands for."
)


@strawberry.enum(description="What is asked for that has to be acknowledged or consented to.")
class ConsentPurpose(StrEnum):
    """Stable names."""

    FACE_REFERENCE_IMAGES = PURPOSE


__all__ = ["ConsentPurpose", "FaceStatement"]
