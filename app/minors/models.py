"""Who was said to be a child, and what became of it."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from app.core.ids import uuid7


class MinorFlag(Model):
    """That an account is said to be a child's: FLAGGED, then LIFTED, or PURGING and PURGED.

    People are named by their aliases. That of who was erased leads to nobody; the row still says that it was done.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    subject: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "models.SubjectAlias", related_name=False, on_delete=fields.RESTRICT
    )
    flagged_by: fields.ForeignKeyNullableRelation[Model] = fields.ForeignKeyField(
        "models.SubjectAlias", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    state = fields.CharField(16)
    previous_status = fields.CharField(16)
    flagged_at = fields.DatetimeField()
    purge_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "minor_flags"
        indexes = (Index(fields=("state", "purge_at")), Index(fields=("subject_id", "id")))
