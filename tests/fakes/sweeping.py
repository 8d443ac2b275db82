"""One sweep of the registry by itself, now."""

from pathlib import Path

from app.core.clock import SystemClock
from app.core.db import transaction
from app.core.ports import ObjectStore
from app.core.signing import Signer
from app.core.sweeps import SweepPorts
from app.integrations.local_store import LocalObjectStore
from app.registries import SWEEPS

SIGNER = Signer(bytes(32))
NO_STORE = LocalObjectStore(Path("/there/is/none"), durable=False)


async def swept(name: str, store: ObjectStore | None = None, limit: int = 1000) -> int:
    """End what is over of one kind, at most `limit` rows; return how many."""
    sweep, at = SWEEPS[name], SystemClock().now()
    ports = SweepPorts(store or NO_STORE, SIGNER)
    prepared = await sweep.prepare(ports, at, limit)
    async with transaction():
        return await sweep.end(ports, at, limit, prepared)
