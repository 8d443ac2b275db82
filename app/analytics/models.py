"""How the service was used, and by nobody in particular."""

from uuid import uuid4

from tortoise import fields
from tortoise.models import Model

from app.core.ids import uuid7


class PageVisits(Model):
    """The visits of one day that began at one page, of browsers that came before or of others."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    day = fields.DateField()
    page = fields.CharField(64)
    kind = fields.CharField(16)
    count = fields.BigIntField()

    class Meta:
        table = "page_visits"
        unique_together = (("day", "page", "kind"),)


class UsageEvent(Model):
    """That something was done once in an hour. The id is random: neither it nor the hour puts two events in order.

    What does not apply is empty. There is no column that could lead to a person, or from one event to another.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    hour = fields.DatetimeField(db_index=True)
    event = fields.CharField(32)
    client = fields.CharField(16)
    page = fields.CharField(64)
    engine = fields.CharField(64)
    style = fields.CharField(64)
    outcome = fields.CharField(16)

    class Meta:
        table = "usage_events"


class UsageReport(Model):
    """That the counts of a day were sent to the provider of statistics."""

    day = fields.DateField(primary_key=True)

    class Meta:
        table = "usage_reports"


class UsageDay(Model):
    """How often the same thing was done in a day, as far as its events are gone."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    day = fields.DateField()
    event = fields.CharField(32)
    client = fields.CharField(16)
    page = fields.CharField(64)
    engine = fields.CharField(64)
    style = fields.CharField(64)
    outcome = fields.CharField(16)
    count = fields.BigIntField()

    class Meta:
        table = "usage_days"
        unique_together = (("day", "event", "client", "page", "engine", "style", "outcome"),)
