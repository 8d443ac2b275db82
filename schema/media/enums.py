"""The enums of media, registered once."""

import strawberry

from app.media.acknowledgement import FaceStatement

strawberry.enum(
    FaceStatement, description="Whose face it is. `faceAcknowledgement` has the words that each stands for."
)

__all__ = ["FaceStatement"]
