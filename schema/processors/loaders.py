"""Loaders, one set for each operation."""

from uuid import UUID

from strawberry.dataloader import DataLoader

from app.core.viewer import Viewer
from app.processors.queries import DisclosureRecord, disclosures_about


def generation_disclosures_loader(viewer: Viewer) -> DataLoader[UUID, list[DisclosureRecord]]:
    """Load what left for the viewer's generations."""
    return DataLoader(load_fn=lambda ids: disclosures_about(viewer, "Generation", ids))
