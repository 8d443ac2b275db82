"""What people write to support, and what is answered."""

from tortoise import fields
from tortoise.models import Model

from app.core.ids import uuid7


class SupportThread(Model):
    """A conversation. It is a person's, whose own address it goes to, or that of an address which wrote to us."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    person: fields.ForeignKeyNullableRelation[Model] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.CASCADE, null=True, db_index=True
    )
    address = fields.CharField(254, null=True, db_index=True)
    topic = fields.CharField(32)
    privacy_right = fields.CharField(32, null=True)
    state = fields.CharField(16)
    subject = fields.CharField(200, db_default="")
    created_at = fields.DatetimeField()
    last_message_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "support_threads"


class SupportMessage(Model):
    """A message of a thread. `message_id` is how mail programs know it: as it came, or the id of our mail that took it.

    `source` is a keyed hash of what came from outside, so that nothing is taken twice.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    thread: fields.ForeignKeyRelation[SupportThread] = fields.ForeignKeyField(
        "models.SupportThread", related_name=False, on_delete=fields.CASCADE, db_index=True
    )
    author = fields.CharField(16)
    text = fields.TextField()
    created_at = fields.DatetimeField()
    message_id = fields.CharField(255, null=True)
    source = fields.CharField(64, null=True, unique=True)

    class Meta:
        table = "support_messages"
