"""What is to be written to the journal, and how far the database knows it."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from app.core.ids import uuid7


class JournalEntry(Model):
    """A decision. Once it is written to the object store, what it says of somebody is gone from here.

    `sequence` is given in one transaction and written after it: until `written_at` the object may be there or not.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    sequence = fields.BigIntField(null=True, unique=True)
    decision = fields.CharField(32)
    person_id = fields.UUIDField(null=True)
    object = fields.UUIDField(null=True)
    detail = fields.JSONField[dict[str, str]](null=True)
    at = fields.DatetimeField()
    written_at = fields.DatetimeField(null=True)
    until = fields.DatetimeField(null=True, db_index=True)

    class Meta:
        table = "journal_entries"
        indexes = (Index(fields=("written_at", "at")),)


class JournalTip(Model):
    """The last sequence number that this database gave out or applied: one row, which writers lock."""

    id = fields.SmallIntField(primary_key=True, generated=False)
    sequence = fields.BigIntField()

    class Meta:
        table = "journal_tip"
