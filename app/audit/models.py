"""Aliases, entries, and what entries say of a person beside the entry itself."""

import uuid

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from app.core.ids import uuid7


class SubjectAlias(Model):
    """The random name that append-only records know a person by. Erasure empties `user_id`: the name stays nobody's.

    A trigger notes in `ended_at` when that was. Seven years later nothing has the name any more, and it goes too.
    """

    id = fields.UUIDField(primary_key=True, default=uuid.uuid4)
    user: fields.OneToOneNullableRelation[Model] = fields.OneToOneField(
        "models.User", related_name=False, on_delete=fields.SET_NULL, null=True
    )
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "subject_aliases"
        indexes = (Index(fields=("ended_at",)),)


class AuditEntry(Model):
    """Something that happened. Never changed; the oldest end after seven years, with their links."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    at = fields.DatetimeField()
    action = fields.CharField(32)
    subject: fields.ForeignKeyRelation[SubjectAlias] = fields.ForeignKeyField(
        "models.SubjectAlias", related_name=False, on_delete=fields.RESTRICT
    )
    actor: fields.ForeignKeyNullableRelation[SubjectAlias] = fields.ForeignKeyField(
        "models.SubjectAlias", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    purpose = fields.CharField(32, null=True)
    commitment = fields.CharField(64, null=True)

    class Meta:
        table = "audit_entries"
        indexes = (
            Index(fields=("subject_id", "id")),
            Index(fields=("action", "id")),
            Index(fields=("actor_id",)),
            Index(fields=("at",)),
        )


class AuditDetail(Model):
    """What an entry commits to: gone with the person, and the entry still stands."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    entry: fields.OneToOneRelation[AuditEntry] = fields.OneToOneField(
        "models.AuditEntry", related_name=False, on_delete=fields.CASCADE
    )
    salt = fields.BinaryField()
    content = fields.TextField()

    class Meta:
        table = "audit_details"


class AuditSeal(Model):
    """A link of the chain over the entries: what `app/audit/chain.py` wrote of one that was committed."""

    position = fields.BigIntField(primary_key=True, generated=False)
    entry: fields.OneToOneRelation[AuditEntry] = fields.OneToOneField(
        "models.AuditEntry", related_name=False, on_delete=fields.RESTRICT
    )
    hash = fields.CharField(64)

    class Meta:
        table = "audit_seals"


class AuditTip(Model):
    """Where the chain ends (1), which sealers lock and writers of entries never see, and where it begins (0).

    There is no beginning before the oldest entries have ended.
    """

    id = fields.SmallIntField(primary_key=True, generated=False)
    position = fields.BigIntField()
    hash = fields.CharField(64)
    latest_at = fields.DatetimeField()
    signature = fields.TextField()

    class Meta:
        table = "audit_tips"
