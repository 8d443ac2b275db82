"""Loaders, one set for each operation."""

from uuid import UUID

from strawberry.dataloader import DataLoader

from app.core.clock import SystemClock
from app.core.viewer import Viewer
from app.privacy.archives import Archive
from app.privacy.asked import Request, StepRecord, steps_of
from app.privacy.queries import own_archives, requests_by_id


def request_loader(viewer: Viewer) -> DataLoader[UUID, Request | None]:
    """Load the viewer's requests by id."""
    return DataLoader(load_fn=lambda ids: requests_by_id(viewer, ids))


def steps_loader(_viewer: Viewer) -> DataLoader[UUID, list[StepRecord]]:
    """Load the steps of requests that the viewer was shown."""

    async def load(ids: list[UUID]) -> list[list[StepRecord]]:
        found = await steps_of(ids)
        return [found[id] for id in ids]

    return DataLoader(load_fn=load)


def archive_loader(viewer: Viewer) -> DataLoader[UUID, Archive | None]:
    """Load the archives of the viewer's requests."""
    return DataLoader(load_fn=lambda ids: own_archives(viewer, ids, SystemClock().now()))
