"""Stored pictures, what people upload, and what they say about the faces in it."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from app.core.ids import uuid7


class Picture(Model):
    """A picture in the object store.

    The row comes first and says PENDING; the objects follow; then the row says STORED. So an object always has a row:
    erasure and the sweep find what a crash left behind.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    person: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.RESTRICT, db_index=True
    )
    state = fields.CharField(16, db_default="PENDING")
    width = fields.IntField()
    height = fields.IntField()
    placeholder = fields.CharField(64)
    variants = fields.JSONField[dict[str, dict[str, str | int]]]()
    created_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "pictures"


class Avatar(Model):
    """The picture of a person themselves: everybody who sees their profile sees it."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    person: fields.OneToOneRelation[Model] = fields.OneToOneField(
        "models.User", related_name=False, on_delete=fields.RESTRICT
    )
    picture: fields.OneToOneRelation[Picture] = fields.OneToOneField(
        "models.Picture", related_name=False, on_delete=fields.RESTRICT
    )
    created_at = fields.DatetimeField()

    class Meta:
        table = "avatars"


class AvatarSource(Model):
    """Where a provider of sign-ins has a person's picture, until a job has copied it from there."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    person: fields.OneToOneRelation[Model] = fields.OneToOneField(
        "models.User", related_name=False, on_delete=fields.CASCADE
    )
    processor = fields.CharField(16)
    url = fields.TextField()
    created_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "avatar_sources"


class Upload(Model):
    """Bytes that a person announced, sends once, and uses once.

    OPEN, RECEIVING, RECEIVED, DELETED (used), GONE (so are its bytes). The row comes first and goes last, so the sweep
    finds what a crash leaves in the store.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    person: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.RESTRICT, db_index=True
    )
    state = fields.CharField(16)
    content_type = fields.CharField(32)
    byte_size = fields.IntField()
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "uploads"


class ReferenceImage(Model):
    """A picture that a person uploaded for engines to go by."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    person: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.RESTRICT
    )
    picture: fields.OneToOneRelation[Picture] = fields.OneToOneField(
        "models.Picture", related_name=False, on_delete=fields.RESTRICT
    )
    has_face = fields.BooleanField()
    face = fields.JSONField[list[int]](null=True)
    """Left, top, width, height of the largest face, in pixels of the original: where it is, never whose it is."""
    saved = fields.BooleanField()
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField(null=True, db_index=True)

    class Meta:
        table = "reference_images"
        indexes = (Index(fields=("person_id", "id")),)


class FaceAcknowledgement(Model):
    """What a person said of the face in a picture. Rows are only ever added; they outlive the picture."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    person: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.RESTRICT, db_index=True
    )
    reference_image_id = fields.UUIDField(unique=True)
    statement = fields.CharField(64)
    version = fields.CharField(16)
    wording_sha256 = fields.CharField(64)
    acknowledged_at = fields.DatetimeField()

    class Meta:
        table = "face_acknowledgements"
