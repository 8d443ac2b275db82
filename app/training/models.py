"""Data sets: what models may be trained on, as it was decided picture by picture. No bytes are copied."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from app.core.ids import uuid7


class TrainingSet(Model):
    """A data set. While it is built, `position` is the last image that was looked at; then it is sealed for good.

    `sha256` is that of its manifest, which `signature` signs (JWS).
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    name = fields.CharField(64, unique=True)
    started_at = fields.DatetimeField()
    position = fields.UUIDField(null=True)
    sealed_at = fields.DatetimeField(null=True)
    items = fields.IntField(db_default=0)
    sha256 = fields.CharField(64, null=True)
    signature = fields.TextField(null=True)

    class Meta:
        table = "training_sets"


class TrainingItem(Model):
    """That a picture is in a data set, and why it may be. Its person is an alias, which erasure makes nobody's.

    `mac` is over all but the mark: what was changed or added by hand does not fit. `excluded_at` is the mark, set when
    the person says no, or takes the picture away: no trainer is given the item from then on.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    set: fields.ForeignKeyRelation[TrainingSet] = fields.ForeignKeyField(
        "models.TrainingSet", related_name=False, on_delete=fields.CASCADE
    )
    subject: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "models.SubjectAlias", related_name=False, on_delete=fields.RESTRICT, db_index=True
    )
    picture_id = fields.UUIDField(db_index=True)
    sha256 = fields.CharField(64)
    byte_size = fields.IntField()
    visibility = fields.CharField(16)
    basis = fields.CharField(32)
    policy_version = fields.CharField(32)
    consent_id = fields.UUIDField(null=True)
    decided_at = fields.DatetimeField()
    mac = fields.CharField(64)
    excluded_at = fields.DatetimeField(null=True)
    excluded_because = fields.CharField(32, null=True)

    class Meta:
        table = "training_items"
        unique_together = (("set_id", "picture_id"),)
        indexes = (Index(fields=("set_id", "id")),)
