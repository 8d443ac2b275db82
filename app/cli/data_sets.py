"""`anypeople training`: data sets, as the operator builds, looks at, checks and hands them out."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TypeVar

from app.cli.supervisor import database
from app.consents.enforcement import PurposeLimitation
from app.consents.notices import PublishedNotices
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.db import connected
from app.core.keys import derive
from app.core.signing import Signer
from app.integrations.object_store import object_store
from app.journal.standing import check_standing
from app.registries import PERSONAL_DATA
from app.training import building, export, resealing, sets, verification
from app.training.errors import DoesNotHold
from app.training.office import TrainingOffice
from app.training.sets import TrainingSetRecord
from app.training.verification import Verification

T = TypeVar("T")
MOST_LISTED = 100
"""Data sets that are listed, the latest."""


def build(settings: Settings, name: str | None, tell: building.Tell) -> TrainingSetRecord:
    """Build a data set, or go on with one that was begun. Raises AppError, EmbeddedError, OSError."""

    async def work() -> TrainingSetRecord:
        office = _office(settings)
        await check_standing(office.store)
        return await sets.listed_one(await building.build(office, name, tell))

    return _asked(settings, work)


def listed(settings: Settings) -> Sequence[TrainingSetRecord]:
    """Return the latest data sets. Raises EmbeddedError."""
    return _asked(settings, lambda: sets.listed(MOST_LISTED))


def shown(settings: Settings, name: str) -> TrainingSetRecord:
    """Return a data set. Raises SetNotFound, EmbeddedError."""
    return _asked(settings, lambda: sets.listed_one(name))


def verify(settings: Settings, name: str, tell: verification.Tell) -> Verification:
    """Replay every decision of a data set. Raises SetNotFound, NotSealed, EmbeddedError."""

    async def work() -> Verification:
        return await verification.verify(_office(settings), await sets.sealed(name), tell)

    return _asked(settings, work)


def write_manifest(settings: Settings, name: str, path: Path) -> int:
    """Write what a trainer is given of a data set that holds, whole or not at all; return how many pictures that is.

    Raises SetNotFound, NotSealed, DoesNotHold, EmbeddedError, OSError.
    """

    async def work() -> int:
        await check_standing(object_store(settings))
        data_set, lines = await sets.sealed(name), 0
        if not (await verification.verify(_office(settings), data_set, lambda _: None)).holds:
            raise DoesNotHold("Nothing is handed out of this data set: `anypeople training verify` says what is wrong.")
        with NamedTemporaryFile(dir=path.parent, delete=False) as file:
            try:
                async for line in export.export(_office(settings), data_set):
                    file.write(line)
                    lines += 1
                os.replace(file.name, path)
            except BaseException:
                os.unlink(file.name)
                raise
        return lines - 1

    return _asked(settings, work)


def seal_anew(settings: Settings, old_secret: str, tell: verification.Tell) -> int:
    """Seal every data set that holds by the secret of before with the one of now; return how many that were.

    Raises DoesNotHold, EmbeddedError.
    """
    old, new = _office(settings, old_secret.encode()), _office(settings)
    return _asked(settings, lambda: resealing.reseal(old, new, tell))


def _office(settings: Settings, old_secret: bytes | None = None) -> TrainingOffice:
    limitation = PurposeLimitation.of(PERSONAL_DATA.values(), PublishedNotices(), SystemClock())
    secret = settings.security.key if old_secret is None else old_secret
    signer = Signer(derive(secret, "signatures"))
    return TrainingOffice(limitation, object_store(settings), signer, derive(secret, "training-items"))


def _asked(settings: Settings, work: Callable[[], Awaitable[T]]) -> T:
    async def connect_and_work(url: str) -> T:
        async with connected(url, pool_size=1):
            return await work()

    with database(settings) as url:
        return asyncio.run(connect_and_work(url))
