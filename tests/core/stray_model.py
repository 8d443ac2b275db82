"""A model that no migration knows."""

from tortoise import fields
from tortoise.models import Model


class Stray(Model):
    """Never migrated."""

    id = fields.IntField(primary_key=True)

    class Meta:
        table = "strays"
