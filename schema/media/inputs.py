"""What is sent to make reference pictures."""

from uuid import UUID

import strawberry

from app.core.errors import NotFound
from app.media.acknowledgement import Acknowledged
from schema.context import ID
from schema.media.enums import FaceStatement
from schema.relay import parse_global_id


@strawberry.input(description="A picture that is about to be sent.")
class CreateUploadInput:
    """Input of `createUpload`."""

    content_type: str = strawberry.field(description="image/png, image/jpeg or image/webp.")
    byte_size: int = strawberry.field(description="The exact length; at most 20 MiB, or what the operator allows.")
    idempotency_key: str = strawberry.field(description="1 to 64 characters, new for each upload.")


@strawberry.input(description="What a person says of the face in a picture.")
class FaceAcknowledgementInput:
    """`app.media.acknowledgement.Acknowledged`."""

    version: str = strawberry.field(description="Of the wording that was shown: `faceAcknowledgement { version }`.")
    statement: FaceStatement = strawberry.field(description="Which of its statements is true.")

    def acknowledged(self) -> Acknowledged:
        """Return the command's argument."""
        return Acknowledged(self.version, self.statement)


@strawberry.input(description="What to make a reference picture of.")
class AddReferenceImageInput:
    """Input of `addReferenceImage`."""

    upload_id: ID = strawberry.field(description="An upload of the viewer's whose bytes were sent.")
    acknowledgement: FaceAcknowledgementInput | None = strawberry.field(
        default=None, description="Needed where there is a face in the picture; heeded only there."
    )
    saved: bool = strawberry.field(default=False, description="Keep it until it is deleted, and not 24 hours only.")
    idempotency_key: str = strawberry.field(description="1 to 64 characters, new for each picture.")


@strawberry.input(description="Which reference picture to delete.")
class DeleteReferenceImageInput:
    """Input of `deleteReferenceImage`."""

    id: ID = strawberry.field(description="A reference picture of the viewer's.")
    idempotency_key: str = strawberry.field(description="1 to 64 characters, new for each deletion.")


def reference_key(id: ID, path: tuple[str, ...]) -> UUID:
    """Return the key of a reference picture's global id. Raises NotFound for what is none."""
    parsed = parse_global_id(id)
    if parsed is None or parsed[0] != "ReferenceImage":
        raise NotFound("There is no such reference picture of yours (any more).", path=path)
    return parsed[1]
