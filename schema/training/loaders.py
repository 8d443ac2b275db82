"""Loaders, one set for each operation."""

from uuid import UUID

from strawberry.dataloader import DataLoader

from app.core.viewer import Viewer
from app.training.eligibility import Eligibility
from app.training.queries import Membership, data_sets_of, eligibilities
from schema.context import Context


def eligibility_loader(context: Context) -> DataLoader[UUID, Eligibility]:
    """Load whether pictures of the viewer's generations may train models."""
    viewer, allows = context.required_viewer, context.ports.allows
    return DataLoader(load_fn=lambda ids: eligibilities(viewer, ids, allows))


def data_sets_loader(viewer: Viewer) -> DataLoader[UUID, list[Membership]]:
    """Load which data sets hold pictures of the viewer's generations."""
    return DataLoader(load_fn=lambda ids: data_sets_of(viewer, ids))
