"""What everybody is told, and whom it has reached."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from app.core.ids import uuid7


class Announcement(Model):
    """That everybody is to be told of a version. `position` is the last person who was, on the way through all.

    Nobody in particular: where that person goes, the way begins anew, and nobody is told twice.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    document_version: fields.OneToOneRelation[Model] = fields.OneToOneField(
        "models.DocumentVersion", related_name=False, on_delete=fields.RESTRICT
    )
    position: fields.ForeignKeyNullableRelation[Model] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.SET_NULL, null=True
    )
    created_at = fields.DatetimeField()
    finished_at = fields.DatetimeField(null=True)

    class Meta:
        table = "announcements"


class Notice(Model):
    """That one person was told of it. It stays open until they dismiss it."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    person: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.CASCADE
    )
    announcement: fields.ForeignKeyRelation[Announcement] = fields.ForeignKeyField(
        "models.Announcement", related_name=False, on_delete=fields.CASCADE
    )
    created_at = fields.DatetimeField()
    dismissed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "notices"
        unique_together = (("person_id", "announcement_id"),)
        indexes = (Index(fields=("person_id", "id")),)
