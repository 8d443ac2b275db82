"""Privacy requests, what is said in them, and what is done for them."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from app.core.ids import uuid7


class PrivacyRequest(Model):
    """What somebody asked for, and what became of it: the record of an answer in time.

    People are named by their aliases; what leads to them is in the details. `subject` is empty where the address that
    asks is of no account.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    subject: fields.ForeignKeyNullableRelation[Model] = fields.ForeignKeyField(
        "models.SubjectAlias", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    submitted_by: fields.ForeignKeyNullableRelation[Model] = fields.ForeignKeyField(
        "models.SubjectAlias", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    privacy_right = fields.CharField(32)
    regime = fields.CharField(8)
    channel = fields.CharField(16)
    status = fields.CharField(32)
    received_at = fields.DatetimeField()
    legal_due_at = fields.DatetimeField()
    verified_at = fields.DatetimeField(null=True)
    due_at = fields.DatetimeField(null=True)
    extended_at = fields.DatetimeField(null=True)
    extended_until = fields.DatetimeField(null=True)
    starts_at = fields.DatetimeField(null=True)
    finished_at = fields.DatetimeField(null=True)
    denial = fields.CharField(32, null=True)
    receipt = fields.TextField(null=True)
    reminded = fields.SmallIntField(db_default=0)
    job_id = fields.UUIDField(null=True)
    confirmed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "privacy_requests"
        indexes = (
            Index(fields=("subject_id", "id")),
            Index(fields=("submitted_by_id",)),
            Index(fields=("status", "due_at", "id")),
            Index(fields=("finished_at",)),
        )


class PrivacyRequestDetail(Model):
    """What was said in a request, as JSON: it goes with the person, and the request stays.

    `address` is where it is answered where that is no account's; `denial` and `extension` say to the person why. The
    link that shows that it is the person is made of the id, the one that an archive is fetched with, once, of
    `archive_link`: without this row there is none.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    request: fields.OneToOneRelation[PrivacyRequest] = fields.OneToOneField(
        "models.PrivacyRequest", related_name=False, on_delete=fields.CASCADE
    )
    address = fields.CharField(254, null=True, db_index=True)
    content = fields.TextField()
    denial = fields.TextField(null=True)
    extension = fields.TextField(null=True)
    link_mailed_at = fields.DatetimeField(null=True)
    archive_link = fields.UUIDField(null=True)

    class Meta:
        table = "privacy_request_details"
        indexes = (Index(fields=("archive_link",)),)


class PrivacyRequestStep(Model):
    """What is done with what one holder has. `count` is how much it was, added to by whichever transaction did it."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    request: fields.ForeignKeyRelation[PrivacyRequest] = fields.ForeignKeyField(
        "models.PrivacyRequest", related_name=False, on_delete=fields.CASCADE
    )
    position = fields.SmallIntField()
    holder = fields.CharField(64)
    action = fields.CharField(16)
    status = fields.CharField(16)
    count = fields.BigIntField(null=True)
    note = fields.CharField(200, null=True)
    awaiting_until = fields.DatetimeField(null=True)
    started_at = fields.DatetimeField(null=True)
    finished_at = fields.DatetimeField(null=True)

    class Meta:
        table = "privacy_request_steps"
        unique_together = (("request", "position"),)


class PrivacyArchive(Model):
    """An export: a row before its bytes, so that whatever a crash leaves in the store belongs to a row.

    `parts` says what was collected of each table so far; `place` is which of perhaps several packings is the archive,
    and with `byte_size` and `sha256` empty until there is one. Without a person it is for an address of no account.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    request: fields.OneToOneRelation[PrivacyRequest] = fields.OneToOneField(
        "models.PrivacyRequest", related_name=False, on_delete=fields.RESTRICT
    )
    person: fields.ForeignKeyNullableRelation[Model] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.RESTRICT, null=True, db_index=True
    )
    parts = fields.JSONField[dict[str, dict[str, str | int]]](db_default="{}")
    place = fields.CharField(64, null=True)
    byte_size = fields.BigIntField(null=True)
    sha256 = fields.CharField(64, null=True)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "privacy_archives"
