"""Uploads, reference pictures, and what is acknowledged about the faces in them."""

from datetime import datetime

import strawberry

from app.media.acknowledgement import Wording
from app.media.queries import AcknowledgementRecord, AnnouncedUpload, ReferenceRecord
from schema.context import ID, Info
from schema.directives import ListSize
from schema.generation.enums import Variant
from schema.media.enums import FaceStatement
from schema.relay import Connection, Node, global_id


@strawberry.type(description="A header of a request.")
class HttpHeader:
    """Name and value."""

    name: str = strawberry.field(description="As it is sent.")
    value: str = strawberry.field(description="As it is sent.")


@strawberry.type(description="Where to send the bytes of a picture, once. The answer to it is 204.")
class Upload:
    """`app.media.queries.AnnouncedUpload`."""

    id: ID = strawberry.field(description="For `addReferenceImage`.")
    url: str = strawberry.field(description="Signed; whoever has it can send the bytes. Use it as it is.")
    method: str = strawberry.field(description="PUT.")
    headers: list[HttpHeader] = strawberry.field(
        description="What to send besides `Content-Length`, which every HTTP client sends by itself.",
        directives=[ListSize(assumed_size=1)],
    )
    max_bytes: int = strawberry.field(description="The length that was announced: no more and no less is taken.")
    expires_at: datetime = strawberry.field(description="Until when the URL works.")

    @classmethod
    def from_record(cls, record: AnnouncedUpload, info: Info) -> "Upload":
        """Build from a query's record."""
        return cls(
            id=global_id("Upload", record.id),
            url=info.context.ports.intake.links.url(record.id, record.expires_at),
            method="PUT",
            headers=[HttpHeader(name="Content-Type", value=record.content_type)],
            max_bytes=record.byte_size,
            expires_at=record.expires_at,
        )


@strawberry.type(description="One of the things that can be said of a face, word for word.")
class FaceStatementWording:
    """An entry of `app.media.acknowledgement.Wording.statements`."""

    statement: FaceStatement = strawberry.field(description="For `FaceAcknowledgementInput.statement`.")
    text: str = strawberry.field(description="What the person says.")


@strawberry.type(description="What has to be acknowledged before a picture with a face is used. Show all of it.")
class FaceAcknowledgementWording:
    """`app.media.acknowledgement.Wording`."""

    version: str = strawberry.field(description="For `FaceAcknowledgementInput.version`.")
    text: str = strawberry.field(description="What comes before the statements.")
    statements: list[FaceStatementWording] = strawberry.field(
        description="The person says one of these.", directives=[ListSize(assumed_size=2)]
    )

    @classmethod
    def from_wording(cls, wording: Wording) -> "FaceAcknowledgementWording":
        """Build from the published wording."""
        return cls(
            version=wording.version,
            text=wording.text,
            statements=[
                FaceStatementWording(statement=statement, text=text) for statement, text in wording.statements.items()
            ],
        )


@strawberry.type(description="What was acknowledged of the face in a picture. The record outlives the picture.")
class FaceAcknowledgement:
    """`app.media.queries.AcknowledgementRecord`."""

    statement: FaceStatement = strawberry.field(description="Whose face it is.")
    version: str = strawberry.field(description="Of the wording.")
    acknowledged_at: datetime = strawberry.field(description="When.")

    @classmethod
    def from_record(cls, record: AcknowledgementRecord) -> "FaceAcknowledgement":
        """Build from a query's record."""
        return cls(statement=record.statement, version=record.version, acknowledged_at=record.acknowledged_at)


@strawberry.type(description="A picture to go by. Only its owner sees it.")
class ReferenceImage(Node):
    """`app.media.queries.ReferenceRecord`."""

    record: strawberry.Private[ReferenceRecord]
    width: int = strawberry.field(description="In pixels, upright; at most 2048.")
    height: int = strawberry.field(description="In pixels, upright; at most 2048.")
    content_type: str = strawberry.field(description="Of the original as it is kept: pixels and no metadata.")
    byte_size: int = strawberry.field(description="Of the original as it is kept.")
    placeholder: str = strawberry.field(description="A BlurHash, to show while the picture loads.")
    has_face: bool = strawberry.field(description="Whether a face was found in it.")
    saved: bool = strawberry.field(description="Whether it is kept until it is deleted.")
    created_at: datetime = strawberry.field(description="When it was added.")
    expires_at: datetime | None = strawberry.field(description="When it is deleted; null: it is saved.")
    acknowledgement: FaceAcknowledgement | None = strawberry.field(description="Null where there is no face.")

    @classmethod
    def from_record(cls, record: ReferenceRecord) -> "ReferenceImage":
        """Build from a query's record."""
        said = record.acknowledgement
        return cls(
            id=global_id("ReferenceImage", record.id),
            record=record,
            width=record.width,
            height=record.height,
            content_type=record.content_type,
            byte_size=record.byte_size,
            placeholder=record.placeholder,
            has_face=record.has_face,
            saved=record.saved,
            created_at=record.created_at,
            expires_at=record.expires_at,
            acknowledgement=FaceAcknowledgement.from_record(said) if said else None,
        )

    @strawberry.field(description="A signed address of the bytes. It expires; ask again for a new one.")
    def url(self, info: Info, variant: Variant = Variant.ORIGINAL) -> str:
        """No statement: the address is computed."""
        return info.context.ports.links.url(self.record.picture_id, variant)


ReferenceImageConnection = Connection[ReferenceImage]
