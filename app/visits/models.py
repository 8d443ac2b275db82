"""How often our pages were visited, and by nobody in particular."""

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
