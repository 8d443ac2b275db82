"""An export takes the same memory, however much there is, but for some hundred bytes for each file in its list."""

import tracemalloc
from pathlib import Path
from uuid import UUID

from app.core.db import execute
from app.integrations.local_store import LocalObjectStore
from app.privacy.export.office import Extent
from app.privacy.export.packing import Packing
from app.privacy.export.selection import Subject
from tests.conftest import SignUp
from tests.fakes.privacy import export_office
from tests.privacy.export.exporting import SIGNER, parcel_of, put_pictures

FEW, MANY = 20, 120
FILE = 100_000
"""Bytes of each picture: 10 MB lie between the two."""
ROOM = 3_000_000
"""Bytes that the two may differ by."""


async def make_generations(person: UUID, number: int) -> None:
    """Give somebody generations with a picture each."""
    await execute(
        """WITH made AS (
             INSERT INTO generations (id, user_id, prompt, engine, seed, width, height, count, status, created_at)
             SELECT uuidv7(), $1, repeat('words of a prompt ', 20) || n, 'slow', n, 8, 8, 1, 'SUCCEEDED', now()
             FROM generate_series(1, $2::int) AS n RETURNING id),
           drawn AS (
             INSERT INTO pictures (id, person_id, state, width, height, placeholder, variants, created_at)
             SELECT uuidv7(), $1, 'STORED', 8, 8, 'x', '{"ORIGINAL": {}}', now() FROM made RETURNING id),
           a AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM made),
           b AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM drawn)
           INSERT INTO generated_images (id, generation_id, index, picture_id)
           SELECT uuidv7(), a.id, 0, b.id FROM a JOIN b USING (n)""",
        person,
        number,
    )


async def peak_of(store: LocalObjectStore, person: UUID) -> int:
    """Return the most bytes that an export holds at once."""
    office = export_office(store, SIGNER)
    tracemalloc.start()
    try:
        packing = Packing(await parcel_of(office, Subject(person, None), Extent.ACCESS), office)
        size = 0
        async for chunk in packing.archive():
            size += len(chunk)
        assert packing.contents.files
        assert size > packing.contents.files.images * FILE
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


async def test_memory_is_bounded(person: SignUp, tmp_path: Path) -> None:
    store, peaks = LocalObjectStore(tmp_path / "objects", durable=False), []
    somebody = (await person("ada")).viewer.user_id
    await peak_of(store, somebody)  # what is read once, as templates are
    for number in (FEW, MANY - FEW):
        await make_generations(somebody, number)
        await put_pictures(store, somebody, bytes(FILE))
        peaks.append(await peak_of(store, somebody))

    assert peaks[1] - peaks[0] < ROOM, peaks
