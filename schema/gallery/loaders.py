"""Loaders of what everybody may see, one set for each operation."""

from functools import partial
from uuid import UUID

from strawberry.dataloader import DataLoader

from app.core.personal_data import Activity
from app.gallery.queries import PublicProfile, ShownItem, items_by_id, profiles
from schema.context import Context

SHOWING = Activity.IMAGE_GENERATION
"""Why others see what people publish: it is part of what they ask for."""


def item_loader(context: Context) -> DataLoader[UUID, ShownItem | None]:
    """Load published generations by id."""
    return DataLoader(load_fn=partial(items_by_id, activity=SHOWING, allows=context.ports.allows))


def profile_loader(context: Context) -> DataLoader[UUID, PublicProfile | None]:
    """Load profiles by the person's id."""
    return DataLoader(load_fn=partial(profiles, activity=SHOWING, allows=context.ports.allows))
