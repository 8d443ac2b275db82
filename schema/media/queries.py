"""What has to be acknowledged."""

import strawberry

from app.media.acknowledgement import CURRENT
from schema.media.types import FaceAcknowledgementWording


@strawberry.type
class MediaQueries:
    """Part of Query."""

    @strawberry.field(description="What has to be acknowledged before a picture with a face is used, word for word.")
    def face_acknowledgement(self) -> FaceAcknowledgementWording:
        """No statement: the wording is part of the program."""
        return FaceAcknowledgementWording.from_wording(CURRENT)
