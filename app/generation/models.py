"""Generations and the outcome of each of their images."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from app.core.ids import uuid7


class Generation(Model):
    """A prompt on its way to pictures."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    user: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.RESTRICT
    )
    job_id = fields.UUIDField(null=True)
    prompt = fields.TextField()
    negative_prompt = fields.TextField(null=True)
    engine = fields.CharField(64)
    seed = fields.BigIntField()
    width = fields.IntField()
    height = fields.IntField()
    count = fields.IntField()
    style = fields.CharField(64, null=True)
    visibility = fields.CharField(16, db_default="PRIVATE")
    show_prompt = fields.BooleanField(db_default=False)
    status = fields.CharField(16)
    notes = fields.JSONField[list[str]](db_default="[]")
    failure_code = fields.CharField(64, null=True)
    failure_message = fields.TextField(null=True)
    failure_retryable = fields.BooleanField(null=True)
    created_at = fields.DatetimeField()
    started_at = fields.DatetimeField(null=True)
    finished_at = fields.DatetimeField(null=True)

    class Meta:
        table = "generations"
        indexes = (Index(fields=("user_id", "id")), Index(fields=("status", "id")))


class GeneratedImage(Model):
    """What became of one image: a picture, or the reason why there is none."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    generation: fields.ForeignKeyRelation[Generation] = fields.ForeignKeyField(
        "models.Generation", related_name=False, on_delete=fields.CASCADE
    )
    index = fields.IntField()
    picture: fields.OneToOneNullableRelation[Model] = fields.OneToOneField(
        "models.Picture", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    rejected_stage = fields.CharField(16, null=True)
    rejected_categories = fields.JSONField[list[str]](db_default="[]")

    class Meta:
        table = "generated_images"
        unique_together = (("generation", "index"),)


class GenerationReference(Model):
    """A reference picture of a generation, in the order of the wish; without a picture once that is deleted."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    generation: fields.ForeignKeyRelation[Generation] = fields.ForeignKeyField(
        "models.Generation", related_name=False, on_delete=fields.CASCADE
    )
    position = fields.IntField()
    reference_image: fields.ForeignKeyNullableRelation[Model] = fields.ForeignKeyField(
        "models.ReferenceImage", related_name=False, on_delete=fields.SET_NULL, null=True, db_index=True
    )

    class Meta:
        table = "generation_references"
        unique_together = (("generation", "position"),)
