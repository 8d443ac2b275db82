"""What is written to many, to whom it was, and by what they end it."""

from uuid import uuid4

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from app.core.ids import uuid7


class Campaign(Model):
    """A text for everybody who turned on news. `position` is the last person who was asked about on the way through
    all; `recipients` counts those who were found.

    Nobody in particular: where that person goes, the way begins anew, and nobody is written to twice.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    subject = fields.CharField(150)
    text = fields.TextField()
    state = fields.CharField(16, db_default="RUNNING")
    position: fields.ForeignKeyNullableRelation[Model] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.SET_NULL, null=True
    )
    recipients = fields.IntField(db_default=0)
    created_at = fields.DatetimeField()
    finished_at = fields.DatetimeField(null=True)

    class Meta:
        table = "campaigns"


class CampaignRecipient(Model):
    """That a campaign's mail was recorded for a person, once. The mail is forgotten before this is."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    campaign: fields.ForeignKeyRelation[Campaign] = fields.ForeignKeyField(
        "models.Campaign", related_name=False, on_delete=fields.CASCADE
    )
    person: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.CASCADE
    )
    mail_id = fields.UUIDField()

    class Meta:
        table = "campaign_recipients"
        unique_together = (("campaign_id", "person_id"),)
        indexes = (Index(fields=("person_id",)),)


class Subscriber(Model):
    """Somebody whom a campaign found. The id is random and stands in the links that end it, in every mail alike.

    `undeliverable` is an address of theirs that refused our mail for good.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    person: fields.OneToOneRelation[Model] = fields.OneToOneField(
        "models.User", related_name=False, on_delete=fields.CASCADE
    )
    undeliverable = fields.CharField(254, null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "subscribers"
