"""What people chose to show."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from app.core.ids import uuid7


class GalleryItem(Model):
    """A generation that its author published: a row of its own, with no more than everybody may see."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    generation: fields.OneToOneRelation[Model] = fields.OneToOneField(
        "models.Generation", related_name=False, on_delete=fields.CASCADE
    )
    author: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.RESTRICT
    )
    prompt = fields.TextField(null=True)
    style = fields.CharField(64, null=True)
    published_at = fields.DatetimeField()
    hidden = fields.BooleanField(db_default=False)
    """Its pictures are frozen: they were made from somebody else's, who may be a child."""

    class Meta:
        table = "gallery_items"
        indexes = (Index(fields=("author_id", "id")),)
