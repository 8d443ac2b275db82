"""Recipients that hold data of ours all the time: whoever stores the pictures, and whoever runs the machines.

They are stated in the register once: a row for each object or statement would say nothing more (P11).
"""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from app.core.concerns import ConfigurationError
from app.core.object_location import Bucket
from app.core.personal_data import Activity
from app.core.recipient_settings import HostingSettings, StorageSettings
from app.processors.addresses import is_loopback
from app.processors.register import LOCAL, Disclosed, Processor, Role, Transfer

STORAGE = "storage"
HOSTING = "hosting"


def standing_processors(
    storage: StorageSettings, place: Path | Bucket, hosting: HostingSettings
) -> Iterator[Processor]:
    """Yield those that the settings name. Raises ConfigurationError for what a setting lacks."""
    if isinstance(place, Bucket):
        yield _storage(storage, place)
    if not hosting.is_ours:
        yield _hosting(hosting)


def _storage(settings: StorageSettings, bucket: Bucket) -> Processor:
    if settings.is_ours and bucket.endpoint is None:
        raise ConfigurationError("ANYPEOPLE_STORAGE_TRANSFER: NONE_NEEDED is for a server of yours; this is Amazon's.")
    ours = settings.is_ours or is_loopback(urlsplit(bucket.endpoint or "").hostname or "")
    if not ours and (problems := settings.problems()):
        raise ConfigurationError("\n".join(problems))
    return Processor(
        name=STORAGE,
        operator="ourselves" if ours else settings.operator,
        role=Role.OURSELVES if ours else Role.PROCESSOR,
        purpose="Stores the pictures that are made here and those that people upload.",
        activities=frozenset({Activity.IMAGE_GENERATION, Activity.ACCOUNT_MANAGEMENT}),
        categories=frozenset({Disclosed.PICTURE, Disclosed.REFERENCE, Disclosed.FACE}),
        country=LOCAL if ours else settings.country,
        transfer=Transfer.NONE_NEEDED if ours else Transfer(settings.transfer),
        dpa=settings.dpa or None,
        deletion="Objects are deleted by its own interface.",
        standing=True,
    )


def _hosting(settings: HostingSettings) -> Processor:
    if problems := settings.problems():
        raise ConfigurationError("\n".join(problems))
    return Processor(
        name=HOSTING,
        operator=settings.operator,
        role=Role.PROCESSOR,
        purpose="Runs the machines that this service is on.",
        activities=frozenset(Activity),
        categories=frozenset({Disclosed.ALL}),
        country=settings.country,
        transfer=Transfer(settings.transfer),
        dpa=settings.dpa,
        standing=True,
    )
