"""What people consented and objected to, and when processing was restricted.

Rows are added, and end after seven years: triggers see to both.
"""

from tortoise import fields
from tortoise.models import Model


class ConsentRecord(Model):
    """A decision about one purpose. `receipt` is the whole record of ISO/IEC TS 27560, signed; the rest finds it.

    `sequence` counts a person's decisions: the last one about a purpose is the one that holds, whatever clocks say.
    """

    id = fields.UUIDField(primary_key=True)
    principal: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "models.SubjectAlias", related_name=False, on_delete=fields.RESTRICT
    )
    sequence = fields.IntField()
    purpose = fields.CharField(32)
    granted = fields.BooleanField()
    decided_at = fields.DatetimeField(db_index=True)
    policy_version = fields.CharField(32)
    notice_sha256 = fields.CharField(64)
    method = fields.CharField(32)
    receipt = fields.TextField()

    class Meta:
        table = "consent_records"
        unique_together = (("principal_id", "purpose", "sequence"),)


class ObjectionRecord(Model):
    """That somebody objects to an activity that rests on a legitimate interest (Art. 21 GDPR), or does so no more."""

    id = fields.UUIDField(primary_key=True)
    principal: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "models.SubjectAlias", related_name=False, on_delete=fields.RESTRICT
    )
    sequence = fields.IntField()
    activity = fields.CharField(32)
    objected = fields.BooleanField()
    decided_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "objection_records"
        unique_together = (("principal_id", "activity", "sequence"),)


class RestrictionRecord(Model):
    """That processing of somebody's data is restricted to storage (Art. 18 GDPR), or is so no more."""

    id = fields.UUIDField(primary_key=True)
    principal: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "models.SubjectAlias", related_name=False, on_delete=fields.RESTRICT
    )
    sequence = fields.IntField()
    restricted = fields.BooleanField()
    decided_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "restriction_records"
        unique_together = (("principal_id", "sequence"),)
