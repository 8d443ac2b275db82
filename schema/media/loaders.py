"""Loaders, one set for each operation."""

from uuid import UUID

from strawberry.dataloader import DataLoader

from app.core.viewer import Viewer
from app.media.queries import ReferenceRecord, references_by_id


def reference_loader(viewer: Viewer) -> DataLoader[UUID, ReferenceRecord | None]:
    """Load the viewer's reference pictures by id."""
    return DataLoader(load_fn=lambda ids: references_by_id(viewer, ids))
