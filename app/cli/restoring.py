"""`anypeople restore`: brings a database that was restored from a backup to what people decided since."""

import asyncio
from collections.abc import Mapping
from typing import Any

from app.cli.errors import CommandFailed
from app.cli.supervisor import database
from app.core.config import Settings
from app.core.db import connected
from app.core.keys import derive
from app.core.migrations import pending
from app.core.signing import Forged, Signer
from app.generation.engines.registry import Engines
from app.integrations.object_store import object_store
from app.journal.entries import Verify
from app.privacy.erasure import Eraser
from app.privacy.objects import object_erasers
from app.privacy.replay import Replayed, Replayer, Tell
from app.registries import PERSONAL_DATA, consent_office_of


def replay(settings: Settings, tell: Tell, *, old_secret: str | None, accept_missing: bool) -> Replayed:
    """Apply what the database does not know. Raises CommandFailed, AppError, EmbeddedError, OSError."""
    replayer = _replayer(settings)
    verify = replayer.signer.verify if old_secret is None else _either(replayer.signer, _signer(old_secret.encode()))

    async def work(url: str) -> Replayed:
        if waiting := await pending(url):
            raise CommandFailed(f"{len(waiting)} migrations are to be applied first: run `anypeople migrate`.")
        async with connected(url, pool_size=2):
            return await replayer.replay(verify, tell, accept_missing=accept_missing)

    with database(settings) as url:
        return asyncio.run(work(url))


def _replayer(settings: Settings) -> Replayer:
    store = object_store(settings)
    office = consent_office_of(settings, Engines.configured(settings.work.engines))
    eraser = Eraser(PERSONAL_DATA.values(), object_erasers(store))
    return Replayer(store, _signer(settings.security.key), settings.backups.kept, office, eraser)


def _signer(secret: bytes) -> Signer:
    return Signer(derive(secret, "signatures"))


def _either(new: Signer, old: Signer) -> Verify:
    """Return what takes entries that were signed with either key."""

    def verify(token: str, type: str) -> Mapping[str, Any]:
        try:
            return new.verify(token, type)
        except Forged:
            return old.verify(token, type)

    return verify
