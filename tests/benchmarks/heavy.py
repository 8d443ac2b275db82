"""One account with many generations, exported and erased in a process of its own: `python -m tests.benchmarks.heavy`.

Reads a number from standard input, as JSON; prints seconds, bytes, and by how much the process grew at most.
"""

import asyncio
import os
import resource
import sys
import tempfile
import threading
import time
from pathlib import Path
from uuid import UUID

import orjson
import psutil

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.controller import Controller
from app.core.db import connected, execute, fetch, transaction
from app.core.ids import uuid7
from app.core.signing import Signer
from app.integrations.local_store import LocalObjectStore
from app.media.service import object_key
from app.media.variants import Variant
from app.privacy.erasure import Eraser
from app.privacy.export import pieces
from app.privacy.export.collecting import collect
from app.privacy.export.office import ExportOffice, Extent
from app.privacy.export.packing import Packing, Parcel
from app.privacy.export.selection import Subject
from app.privacy.objects import object_erasers
from app.processors.register import Register
from app.registries import HOLDERS, PERSONAL_DATA

FILE_BYTES = 2_000
CONTROLLER = Controller("The benchmark", "", "bench@example.com", "http://images.test", "", "")


class Growth:
    """By how many bytes the process grew at most; looked at every few milliseconds."""

    def __init__(self) -> None:
        self._process = psutil.Process(os.getpid())
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.before = self.peak = 0

    def __enter__(self) -> "Growth":
        self.before = self.peak = self._process.memory_info().rss
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(0.005):
            self.peak = max(self.peak, self._process.memory_info().rss)

    @property
    def bytes(self) -> int:
        """The growth."""
        return self.peak - self.before


async def measure(generations: int, folder: Path) -> dict[str, float]:
    """Return the figures of one account."""
    store = LocalObjectStore(folder, durable=False)
    person = await populate(generations, store)
    office = ExportOffice(store, Signer(b"b" * 32), SystemClock(), CONTROLLER, PERSONAL_DATA, HOLDERS, Register())
    begun = time.perf_counter()
    with Growth() as export:
        size = await archive(office, person)
    exported = time.perf_counter() - begun
    begun = time.perf_counter()
    with Growth() as erasure:
        await erase(person, store)
    erased = time.perf_counter() - begun
    return {
        "export_seconds": exported,
        "export_growth": export.bytes,
        "archive_bytes": size,
        "erase_seconds": erased,
        "erase_growth": erasure.bytes,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }


async def populate(generations: int, store: LocalObjectStore) -> UUID:
    """Make an account with generations of a picture each, with an event of the feed and a disclosure each."""
    person, alias = uuid7(), uuid7()
    await execute(
        """INSERT INTO users (id, email, display_name, adult_attested_at, policy_version, created_at)
           VALUES ($1, 'heavy@example.com', 'Heavy', now(), '1', now())""",
        person,
    )
    await execute("INSERT INTO subject_aliases (id, user_id) VALUES ($1, $2)", alias, person)
    for statement, values in (
        (
            """INSERT INTO generations (id, user_id, prompt, engine, seed, width, height, count, status, created_at)
               SELECT uuidv7(), $1, repeat('a smiling woman with a bun ', 8) || n, 'slow', n, 512, 512, 1, 'SUCCEEDED',
                      now() FROM generate_series(1, $2::int) AS n""",
            (person, generations),
        ),
        (
            """INSERT INTO pictures (id, person_id, state, width, height, placeholder, variants, created_at)
               SELECT uuidv7(), $1, 'STORED', 512, 512, 'x', '{"ORIGINAL": {}}', now()
               FROM generate_series(1, $2::int)""",
            (person, generations),
        ),
        (
            """INSERT INTO generated_images (id, generation_id, index, picture_id)
               SELECT uuidv7(), g.id, 0, p.id
               FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM generations WHERE user_id = $1) g
               JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM pictures WHERE person_id = $1) p USING (n)""",
            (person,),
        ),
        (
            """INSERT INTO feed_entries (id, person_id, sequence, object_id, type, progress, at)
               SELECT uuidv7(), $1, row_number() OVER (ORDER BY id), id, 'SUCCEEDED', 1, now()
               FROM generations WHERE user_id = $1""",
            (person,),
        ),
        (
            """INSERT INTO disclosures (id, subject_id, processor, activity, categories, object_type, object_id,
                                        created_at, outcome, outcome_at)
               SELECT uuidv7(), $2, 'openai', 'IMAGE_GENERATION', '["PROMPT"]', 'Generation', id, now(), 'DELIVERED',
                      now() FROM generations WHERE user_id = $1""",
            (person, alias),
        ),
    ):
        await execute(statement, *values)
        await execute("ANALYZE")
    for row in await fetch("SELECT id FROM pictures WHERE person_id = $1", person):
        for variant in Variant:
            await store.put(object_key(row["id"], variant), os.urandom(FILE_BYTES))
    return person


async def archive(office: ExportOffice, person: UUID) -> int:
    """Export the account, as the steps of a request do; return the size of the archive."""
    subject, extent, prefix, begun_at = Subject(person, None), Extent.ACCESS, f"exports/{uuid7()}", office.clock.now()
    parts = {
        table: await collect(table, subject, extent, office, f"{prefix}/{table}") for table in office.selected(extent)
    }
    packed = Packing(Parcel(extent, subject, None, parts, begun_at), office)
    written = await pieces.write(office.store, f"{prefix}/zip", packed.archive())
    await pieces.delete(office.store, prefix)
    return written.byte_size


async def erase(person: UUID, store: LocalObjectStore) -> None:
    """Erase the account."""

    async def hold() -> None:
        """No job works here."""

    eraser = Eraser(PERSONAL_DATA.values(), object_erasers(store))
    await eraser.clear(person, hold)
    async with transaction():
        await eraser.finish(person)


async def main() -> None:
    """Measure what standard input says."""
    generations = orjson.loads(sys.stdin.buffer.read())["generations"]
    url = Settings.load().stores.urls()[0]
    async with connected(url, pool_size=2):
        with tempfile.TemporaryDirectory(prefix="anypeople-heavy-") as folder:
            figures = await measure(generations, Path(folder))
    sys.stdout.buffer.write(orjson.dumps(figures))


if __name__ == "__main__":
    asyncio.run(main())
