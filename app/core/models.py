"""Tables that belong to no domain: work to be done, what people may watch, and what was already answered."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from app.core.ids import uuid7


class Job(Model):
    """A piece of work. The row is the truth; ARQ only carries its id."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    kind = fields.CharField(64)
    queue = fields.CharField(32)
    payload = fields.JSONField[dict[str, str]]()
    state = fields.CharField(16, db_default="QUEUED")
    attempt = fields.IntField(db_default=0)
    failures = fields.IntField(db_default=0)
    lease_until = fields.DatetimeField(null=True)
    run_after = fields.DatetimeField()
    dispatched_at = fields.DatetimeField()
    created_at = fields.DatetimeField()
    finished_at = fields.DatetimeField(null=True)
    error = fields.CharField(64, null=True)

    class Meta:
        table = "jobs"
        indexes = (
            Index(fields=("state", "run_after")),
            Index(fields=("state", "lease_until")),
            Index(fields=("finished_at",)),
        )


class ErasedKey(Model):
    """The key of something that was erased in a store that is no table, or of all that begins with it.

    Whatever of it arrives late is found by it, and erased again. It is under the person's alias, which leads to nobody
    once they are erased.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    subject: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "models.SubjectAlias", related_name=False, on_delete=fields.RESTRICT
    )
    medium = fields.CharField(16)
    key = fields.CharField(128)
    erased_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "erased_keys"
        unique_together = (("subject", "medium", "key"),)


class Feed(Model):
    """The last sequence number of a person's feed; its row lock orders the entries."""

    person_id = fields.UUIDField(primary_key=True)
    sequence = fields.BigIntField()

    class Meta:
        table = "feeds"


class FeedEntry(Model):
    """A state change that somebody may watch. Lives as long as its object."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    person_id = fields.UUIDField()
    sequence = fields.BigIntField()
    object_id = fields.UUIDField()
    type = fields.CharField(32)
    progress = fields.FloatField()
    at = fields.DatetimeField()

    class Meta:
        table = "feed_entries"
        unique_together = (("person_id", "sequence"), ("object_id", "sequence"))


class IdempotencyKey(Model):
    """That a command with this key succeeded, and what it made."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    person_id = fields.UUIDField()
    operation = fields.CharField(64)
    key = fields.CharField(64)
    input_hash = fields.BinaryField()
    result_id = fields.UUIDField()
    created_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "idempotency_keys"
        unique_together = (("person_id", "operation", "key"),)
