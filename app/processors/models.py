"""What left us."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from app.core.ids import uuid7


class Disclosure(Model):
    """Something that was about to leave: written before it did. Without an outcome nobody knows whether it left."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    subject: fields.ForeignKeyNullableRelation[Model] = fields.ForeignKeyField(
        "models.SubjectAlias", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    processor = fields.CharField(64)
    activity = fields.CharField(32)
    categories = fields.JSONField[list[str]]()
    object_type = fields.CharField(32, null=True)
    object_id = fields.UUIDField(null=True)
    created_at = fields.DatetimeField(db_index=True)
    outcome = fields.CharField(16, null=True)
    outcome_at = fields.DatetimeField(null=True)
    refusal = fields.CharField(32, null=True)
    deletion = fields.CharField(16, null=True)
    deletion_at = fields.DatetimeField(null=True)

    class Meta:
        table = "disclosures"
        indexes = (Index(fields=("subject_id", "id")), Index(fields=("object_id", "id")))
