"""What sweeps ended. Counts: nothing of anybody."""

from tortoise import fields
from tortoise.models import Model

from app.core.ids import uuid7


class RetentionRun(Model):
    """A sweep through everything. One that has not finished broke off, or goes on: the next one does the rest."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    at = fields.DatetimeField()
    started_at = fields.DatetimeField()
    finished_at = fields.DatetimeField(null=True)

    class Meta:
        table = "retention_runs"


class RetentionCount(Model):
    """What one run did to one kind of row; there is none where nothing was over."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    run: fields.ForeignKeyRelation[RetentionRun] = fields.ForeignKeyField(
        "models.RetentionRun", related_name=False, on_delete=fields.CASCADE
    )
    sweep = fields.CharField(64)
    ended = fields.BigIntField(db_default=0)
    remaining = fields.BigIntField(db_default=0)
    oldest = fields.DatetimeField(null=True)
    error = fields.CharField(64, null=True)

    class Meta:
        table = "retention_counts"
        unique_together = (("run_id", "sweep"),)
