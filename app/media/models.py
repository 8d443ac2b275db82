"""Stored pictures."""

from tortoise import fields
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
