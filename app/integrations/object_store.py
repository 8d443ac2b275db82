"""Chooses the object store that the settings name."""

from pathlib import Path

from app.core.config import Settings
from app.core.ports import ObjectStore
from app.integrations.local_store import LocalObjectStore
from app.integrations.s3_store import S3Keys, S3ObjectStore


def object_store(settings: Settings) -> ObjectStore:
    """Return the store that OBJECT_STORE_URL names, or the folder below ANYPEOPLE_VAR where it names none.

    Nothing is asked of a server yet. Raises ConfigurationError where a bucket is named and its keys are not set.
    """
    place = settings.stores.objects
    if isinstance(place, Path):
        return LocalObjectStore(place)
    return S3ObjectStore(place, S3Keys(*settings.stores.s3_keys()))
