"""Loaders, one set for each operation."""

from uuid import UUID

from strawberry.dataloader import DataLoader

from app.core.viewer import Viewer
from app.generation.forecast import Forecast, forecasts
from app.generation.queries import GenerationRecord, ReadyImage, generations_by_id, images_by_id
from app.generation.references import references_of
from app.media.queries import ReferenceRecord


def generation_loader(viewer: Viewer) -> DataLoader[UUID, GenerationRecord | None]:
    """Load the viewer's generations by id."""
    return DataLoader(load_fn=lambda ids: generations_by_id(viewer, ids))


def forecast_loader(viewer: Viewer) -> DataLoader[UUID, Forecast | None]:
    """Load how long the viewer's generations will take."""
    return DataLoader(load_fn=lambda ids: forecasts(viewer, ids))


def image_loader(viewer: Viewer) -> DataLoader[UUID, ReadyImage | None]:
    """Load images of the viewer's generations by id."""
    return DataLoader(load_fn=lambda ids: images_by_id(viewer, ids))


def generation_references_loader(viewer: Viewer) -> DataLoader[UUID, list[ReferenceRecord]]:
    """Load the reference pictures of the viewer's generations."""
    return DataLoader(load_fn=lambda ids: references_of(viewer, ids))
