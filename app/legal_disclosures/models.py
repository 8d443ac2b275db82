"""What was handed over because the law wanted it."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from app.core.ids import uuid7


class LegalDisclosure(Model):
    """One that the person may know of. `content` has its words, as JSON: it goes with the person, and the row stays."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    subject: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "models.SubjectAlias", related_name=False, on_delete=fields.RESTRICT
    )
    recorded_by: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "models.SubjectAlias", related_name=False, on_delete=fields.RESTRICT
    )
    ground = fields.CharField(32)
    categories = fields.JSONField[list[str]]()
    disclosed_on = fields.DateField()
    recorded_at = fields.DatetimeField()
    shown_from = fields.DatetimeField()
    barred_until = fields.DatetimeField(null=True)
    content = fields.TextField(null=True)

    class Meta:
        table = "legal_disclosures"
        indexes = (Index(fields=("subject_id", "id")), Index(fields=("recorded_by_id",)), Index(fields=("shown_from",)))


class BarredDisclosure(Model):
    """One that the law forbids to tell of, for now. A table of its own, so that nothing shows it by mistake."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    subject: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "models.SubjectAlias", related_name=False, on_delete=fields.RESTRICT, db_index=True
    )
    recorded_by: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "models.SubjectAlias", related_name=False, on_delete=fields.RESTRICT, db_index=True
    )
    ground = fields.CharField(32)
    categories = fields.JSONField[list[str]]()
    disclosed_on = fields.DateField()
    recorded_at = fields.DatetimeField()
    barred_until = fields.DatetimeField(db_index=True)
    content = fields.TextField(null=True)

    class Meta:
        table = "barred_disclosures"
