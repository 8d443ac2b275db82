"""`anypeople export verify` and `anypeople import`: archives of exports, as the operator checks and brings them in."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

from app.accounts.staff import whose_address
from app.cli.supervisor import database
from app.core.config import Settings
from app.core.db import connected
from app.core.signing import Verifier
from app.integrations.object_store import object_store
from app.media.pool import ProcessCompute
from app.privacy.export.reading import ArchiveReader
from app.privacy.importing import Imported, Mover, bring_in


def keys_of(jwks: Path) -> Verifier:
    """Read a copy of published keys. Raises ValueError, OSError."""
    return Verifier.of(json.loads(jwks.read_text()))


def bring(settings: Settings, reader: ArchiveReader, email: str, tell: Callable[[Imported], None]) -> Imported:
    """Bring an archive into the account of that address. Raises AppError, Unreadable, EmbeddedError, OSError."""

    async def work(url: str) -> Imported:
        async with (
            connected(url, pool_size=1),
            ProcessCompute(workers=1, timeout=settings.work.image_timeout) as compute,
        ):
            mover = Mover(object_store(settings), compute, settings.uploads.upload_max_pixels, tell)
            return await bring_in(reader, await whose_address(email), mover)

    with database(settings) as url:
        return asyncio.run(work(url))
