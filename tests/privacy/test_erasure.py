"""Erasure goes through every holder of the registry, ends clean after any crash, and touches nobody else."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from uuid import UUID

import pytest
from tortoise.exceptions import IntegrityError

from app.audit.chain import seal
from app.audit.service import Action, record
from app.audit.verification import verify
from app.core.db import execute, fetch, fetch_one, transaction
from app.core.personal_data import Holder, Medium
from app.core.signing import Signer
from app.integrations.local_store import LocalObjectStore
from app.media.service import object_key
from app.media.uploads import part_keys
from app.media.variants import Variant
from app.privacy.archives import prefix_of
from app.privacy.erasure import Eraser, Residue
from app.privacy.objects import object_erasers
from app.registries import PERSONAL_DATA, STORES
from tests.conftest import SignUp
from tests.fakes.carriers import Crash, DirectQueue
from tests.fakes.crashes import CrashPoints, dying_at_commits
from tests.privacy.planting import Planter

SIGNER = Signer(b"k" * 32)
KEPT = {"journal_entries": 1}
"""Whom a backup must not bring back; it goes from the database once it is written to the journal."""
STRIDE = 7
"""Of the points that a process dies at: odd, so that it is before a commit and after one in turn."""


async def free() -> None:
    """Hold nothing: no job works here."""


class Place:
    """Two people who have something in every table, and in the object store."""

    def __init__(self, planter: Planter, store: LocalObjectStore, ada: UUID, eve: UUID) -> None:
        self.planter, self.store, self.ada, self.eve = planter, store, ada, eve

    def eraser(self, registry: Mapping[str, Holder] = PERSONAL_DATA) -> Eraser:
        return Eraser(registry.values(), object_erasers(self.store))

    async def erase(self, eraser: Eraser) -> Counter[str]:
        erased = Counter(await eraser.clear(self.ada, free))
        async with transaction():
            return erased + Counter(await eraser.finish(self.ada))

    async def owned(self, person: UUID) -> dict[str, list[str]]:
        return {
            table: list(await self.planter.owned(holder, person))
            for table, holder in PERSONAL_DATA.items()
            if holder.subject
        }

    async def objects(self) -> set[str]:
        return {key async for key in self.store.list("")}

    async def put(self, person: UUID) -> None:
        """Put something where each picture, upload and archive of a person has its bytes."""
        for row in await fetch("SELECT id FROM pictures WHERE person_id = $1", person):
            for variant in Variant:
                await self.store.put(object_key(row["id"], variant), b"a face")
        for row in await fetch("SELECT id, byte_size FROM uploads WHERE person_id = $1", person):
            for key in part_keys(row["id"], row["byte_size"]):
                await self.store.put(key, b"a face")
        for row in await fetch("SELECT id FROM privacy_archives WHERE person_id = $1", person):
            await self.store.put(f"{prefix_of(row['id'])}/zip-1/0", b"a face")


@pytest.fixture
async def place(person: SignUp, tmp_path: Path, queue: DirectQueue) -> Place:
    planter = await Planter.of(PERSONAL_DATA)
    ada, eve = (await person("ada")).viewer.user_id, (await person("eve")).viewer.user_id
    found = Place(planter, LocalObjectStore(tmp_path / "objects", durable=False), ada, eve)
    async with transaction():
        for each in (eve, ada):
            await record(Action.SUSPENSION_LIFTED, each, actor=eve, details={"note": "nothing"})
    await seal(SIGNER)
    for each in (eve, ada):
        await planter.plant(each)
        await found.put(each)
    await execute(
        """INSERT INTO jobs (id, kind, queue, payload, run_after, dispatched_at, created_at)
           SELECT gen_random_uuid(), 'generation.run', 'bulk', jsonb_build_object('generation', id), now(), now(), now()
           FROM generations"""
    )
    return found


async def leading_to(*texts: str) -> dict[str, int]:
    """Return in how many rows of which tables any of these is, whatever the registry says."""
    tables = [row["name"] for row in await fetch("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")]
    there = " OR ".join(f"strpos(t::text, ${number}) > 0" for number in range(1, len(texts) + 1))
    counts = [f"SELECT '{table}' AS name, count(*) AS number FROM {table} t WHERE {there}" for table in tables]
    return {row["name"]: row["number"] for row in await fetch(" UNION ALL ".join(counts), *texts) if row["number"]}


async def test_nothing_leads_to_whoever_was_erased_and_nobody_else_is_touched(place: Place) -> None:
    [alias] = await fetch("SELECT id FROM subject_aliases WHERE user_id = $1", place.ada)
    own = [row["id"] for row in await fetch("SELECT id FROM generations WHERE user_id = $1", place.ada)]
    before = await place.owned(place.eve)
    assert all(before.values()), "somebody has something in every table"
    objects = await place.objects()

    erased = await place.erase(place.eraser())

    assert await leading_to(str(place.ada), "ada@example.com", *map(str, own)) == KEPT
    assert {table for table, rows in (await place.owned(place.ada)).items() if rows} == KEPT.keys()
    assert await place.owned(place.eve) == before
    left = await place.objects()
    assert len(left) == len(objects) / 2
    assert erased["generations"] == erased["pictures"] == erased["uploads"] == erased["users"] == erased["jobs"] == 1
    assert erased["audit_entries"] == 0, "what stays leads to nobody"
    assert await fetch("SELECT 1 FROM audit_details d JOIN audit_entries e ON e.id = d.entry_id WHERE subject_id = $1",
                       alias["id"]) == []  # fmt: skip
    assert await fetch("SELECT 1 FROM consent_records WHERE principal_id = $1", alias["id"]) != []
    await verify(SIGNER)


async def test_a_holder_that_left_the_registry_is_missed_and_the_account_stays(place: Place) -> None:
    """By the look afterwards; or by the database, where a row refers to the account and would not go with it."""
    lost = {"feed_entries"}

    with pytest.raises(IntegrityError, match="generations"):
        await place.erase(place.eraser(without(*lost, "generations")))
    with pytest.raises(Residue, match=r"^feed_entries: 1$"):
        await place.erase(place.eraser(without(*lost)))

    assert await fetch_one("SELECT id FROM users WHERE id = $1", place.ada), "it does not say that it is done"
    assert (await place.erase(place.eraser()))["feed_entries"] == 1


def test_every_object_that_is_somebodys_has_a_row_that_erasure_knows(tmp_path: Path) -> None:
    stores = [store for store in STORES.values() if store.medium is Medium.OBJECT_STORE and store.content.erased]
    rows = {(store.subject or "").rpartition("-> ")[2].partition(".")[0] for store in stores}

    assert rows == object_erasers(LocalObjectStore(tmp_path, durable=False)).keys()


def without(*tables: str) -> Mapping[str, Holder]:
    return {name: holder for name, holder in PERSONAL_DATA.items() if name not in tables}


async def test_a_new_table_is_erased_without_a_line_of_code(place: Place) -> None:
    column = PERSONAL_DATA["generations"].columns["prompt"]
    await execute("CREATE TABLE diaries (id uuid PRIMARY KEY, author_id uuid NOT NULL REFERENCES users (id))")
    await execute("CREATE TABLE pages (diary_id uuid REFERENCES diaries (id), text text)")
    await execute("INSERT INTO diaries SELECT id, id FROM users")
    await execute("INSERT INTO pages SELECT id, 'dear diary' FROM diaries")
    more = {
        "pages": Holder("pages", "diary_id -> diaries.author_id", {"diary_id": column, "text": column}),
        "diaries": Holder("diaries", "author_id", {"id": column, "author_id": column}),
    }

    erased = await place.erase(place.eraser({**PERSONAL_DATA, **more}))

    assert (erased["pages"], erased["diaries"]) == (1, 1)
    assert await fetch("SELECT author_id FROM diaries JOIN pages ON diary_id = id") == [{"author_id": place.eve}]


async def test_a_process_that_dies_anywhere_leaves_what_the_next_one_ends(place: Place) -> None:
    before, eraser, at = await place.owned(place.eve), place.eraser(), 0
    while await died(lambda: place.erase(eraser), at):
        assert await place.objects() >= {object_key(row["id"], Variant.ORIGINAL) for row in await pictures(place.eve)}
        await verify(SIGNER)
        at += STRIDE

    assert at > 5 * STRIDE
    assert await leading_to(str(place.ada), "ada@example.com") == KEPT
    assert await place.owned(place.eve) == before
    assert len(await pictures(place.eve)) == 1


async def pictures(person: UUID) -> list[dict[str, UUID]]:
    return await fetch("SELECT id FROM pictures WHERE person_id = $1", person)


async def died(work: Callable[[], Awaitable[object]], at: int) -> bool:
    """Run in a process that dies at a point; return whether it came so far."""

    async def run() -> None:
        await work()

    try:
        with dying_at_commits(CrashPoints(at)):
            await asyncio.create_task(run())
    except Crash:
        return True
    return False
