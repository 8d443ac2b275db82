"""Loaders of what everybody may see, one set for each operation."""

from uuid import UUID

from strawberry.dataloader import DataLoader

from app.gallery.queries import PublicProfile, ShownItem, items_by_id, profiles


def item_loader() -> DataLoader[UUID, ShownItem | None]:
    """Load published generations by id."""
    return DataLoader(load_fn=items_by_id)


def profile_loader() -> DataLoader[UUID, PublicProfile | None]:
    """Load profiles by the person's id."""
    return DataLoader(load_fn=profiles)
