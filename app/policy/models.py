"""Which documents were published, and who accepted which."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from app.core.ids import uuid7


class DocumentVersion(Model):
    """A version that was published. Never changed; its text is the shipped file with this hash.

    `asks_again` names consent purposes, separated by spaces: what people said of them before counts no more once this
    version takes effect. After seven years nobody knows any more who published it.
    """

    id = fields.UUIDField(primary_key=True)
    kind = fields.CharField(16)
    version = fields.CharField(32)
    sha256 = fields.CharField(64)
    published_at = fields.DatetimeField()
    effective_at = fields.DatetimeField()
    material = fields.BooleanField()
    summary = fields.TextField()
    asks_again = fields.TextField()
    published_by: fields.ForeignKeyNullableRelation[Model] = fields.ForeignKeyField(
        "models.SubjectAlias", related_name=False, on_delete=fields.RESTRICT, null=True
    )

    class Meta:
        table = "document_versions"
        unique_together = (("kind", "version"),)
        indexes = (Index(fields=("kind", "effective_at")),)


class Acceptance(Model):
    """That somebody accepted a version: once each, never changed; it ends seven years after it ceased to count."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    subject: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "models.SubjectAlias", related_name=False, on_delete=fields.RESTRICT
    )
    kind = fields.CharField(16)
    version = fields.CharField(32)
    sha256 = fields.CharField(64)
    accepted_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "acceptances"
        unique_together = (("subject_id", "kind", "version"),)
