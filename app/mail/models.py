"""Mail on its way."""

from tortoise import fields
from tortoise.models import Model

from app.core.ids import uuid7


class Mail(Model):
    """A mail that is to be sent, or was. Its text is made when it is sent; `values` fills it and holds no secret."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    person: fields.ForeignKeyNullableRelation[Model] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.CASCADE, null=True, db_index=True
    )
    address = fields.CharField(254)
    kind = fields.CharField(32)
    values = fields.TextField()
    ticket = fields.UUIDField(null=True)
    state = fields.CharField(16, db_default="QUEUED")
    reply_code = fields.CharField(16, null=True)
    created_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True, db_index=True)

    class Meta:
        table = "mails"
