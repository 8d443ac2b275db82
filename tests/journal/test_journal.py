"""The journal is what was decided, in its order and without a gap, whoever dies when and however many write."""

import asyncio
import base64
import json
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from app.core.db import execute, fetch, transaction
from app.core.ports import ObjectStore, StoredObject
from app.core.signing import Signer
from app.integrations.local_store import LocalObjectStore
from app.journal.entries import Decision, Entry, key_of
from app.journal.errors import EntriesMissing, Forged, Forked, JournalAway, Restored
from app.journal.reading import entries
from app.journal.service import WRITE, applying, record
from app.journal.standing import check_standing
from app.journal.tip import move_tip, tip, unwritten
from app.journal.writing import Journal
from tests.fakes.carriers import Crash, DirectQueue
from tests.fakes.crashes import CrashPoints, DyingStore, dying_at_commits
from tests.fakes.sweeping import swept
from workers.runner import Runner
from workers.schedule import CRON

SIGNER = Signer(b"j" * 32)
KEPT = timedelta(days=35)
PURPOSE = {"purpose": "MARKETING_EMAIL", "method": "API", "version": "2026-03-24"}


@pytest.fixture
def store(tmp_path: Path) -> LocalObjectStore:
    return LocalObjectStore(tmp_path / "objects", durable=False)


def journal(store: ObjectStore) -> Journal:
    return Journal(store, SIGNER, KEPT)


async def decide(*people: UUID, decision: Decision = Decision.RESTRICTED) -> None:
    """Take decisions, each in a transaction of its own."""
    for person in people:
        async with transaction():
            await record(decision, person)


async def written(store: ObjectStore, after: int = 0) -> list[Entry]:
    return [entry async for entry in entries(store, SIGNER.verify, after)]


async def test_what_is_decided_is_in_the_journal_at_once_and_leaves_the_database(
    database: str, runner: Runner, queue: DirectQueue, store: LocalObjectStore
) -> None:
    person, thing = uuid4(), uuid4()
    queue.work_with(runner.run)

    async with transaction():
        await record(Decision.CONSENT_WITHDRAWN, person, detail=PURPOSE)
        await record(Decision.GENERATION_DELETED, person, objects=[thing, uuid4()])
    with suppress(LookupError):
        async with transaction():
            await record(Decision.ERASED, person)
            raise LookupError
    await queue.settle()

    objects = runner.context.studio.store
    token = b"".join([chunk async for chunk in objects.read(key_of(1))]).decode()
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert claims.keys() == {"sequence", "jti", "at", "decision", "person", "detail"}, "ids and names, and nothing else"
    found = [entry async for entry in entries(objects, runner.context.signer.verify, 0)]
    assert [(entry.decision, entry.person, entry.sequence) for entry in found] == [
        (Decision.CONSENT_WITHDRAWN, person, 1),
        (Decision.GENERATION_DELETED, person, 2),
        (Decision.GENERATION_DELETED, person, 3),
    ]
    assert (found[0].detail, thing in {entry.object for entry in found}) == (PURPOSE, True)
    rows = await fetch("SELECT t::text AS row FROM journal_entries t")
    assert len(rows) == 3
    assert not any(text in row["row"] for row in rows for text in (str(person), str(thing), "MARKETING"))
    assert WRITE in {entry.kind for entry in CRON}, "also where the job is lost"


async def test_a_decision_is_put_down_with_what_it_does_or_not_at_all(database: str) -> None:
    with pytest.raises(RuntimeError, match="in the transaction"):
        await record(Decision.ERASED, uuid4())

    async with transaction():
        with applying():
            await record(Decision.ERASED, uuid4())
        await record(Decision.GENERATION_DELETED, uuid4(), objects=[])

    assert await unwritten() == 0, "what the journal says is not put down anew"


async def test_a_process_that_dies_anywhere_leaves_no_gap_and_writes_nothing_twice(
    database: str, store: LocalObjectStore
) -> None:
    people, at, died = [uuid4() for _ in range(5)], 0, True
    await decide(*people)
    while died:
        dying = DyingStore(store)
        died = await dies(journal(dying).write, at, dying.points)
        found = await written(store)
        assert [entry.person for entry in found] == people[: len(found)]
        assert await tip() >= len(found), "a database knows as much as its journal"
        await check_standing(store)
        at += 1

    assert at > 8
    assert len(await written(store)) == 5
    assert await journal(store).write() == 0


async def dies(work: Callable[[], Awaitable[object]], at: int, points: CrashPoints) -> bool:
    """Run in a process that dies at a commit or at a write; return whether it came so far."""
    points.at = at

    async def run() -> None:
        with dying_at_commits(points):
            await work()

    try:
        await asyncio.create_task(run())
    except Crash:
        return True
    return False


@pytest.mark.parametrize("seed", range(4))
async def test_many_writers_that_die_at_random_write_every_decision_once_and_in_order(
    database: str, store: LocalObjectStore, seed: int
) -> None:
    chance, people, more = random.Random(seed), [uuid4() for _ in range(12)], [True]

    async def write() -> None:
        while more[0] or await unwritten():
            dying = DyingStore(store)
            with suppress(Crash):
                await dies(journal(dying).write, chance.randrange(60), dying.points)
            found = await written(store)
            assert [entry.person for entry in found] == people[: len(found)]

    async def everybody() -> None:
        for person in people:
            await decide(person)
            await asyncio.sleep(0)
        more[0] = False

    await asyncio.gather(everybody(), *(write() for _ in range(3)))

    assert [entry.person for entry in await written(store)] == people
    assert await tip() == 12
    await check_standing(store)


async def test_a_database_that_is_behind_is_told_so_and_writes_nothing(database: str, store: LocalObjectStore) -> None:
    await decide(uuid4(), uuid4(), uuid4())
    await journal(store).write()
    async with transaction():
        await move_tip(1)
    await decide(uuid4())

    with pytest.raises(Restored, match="stop the service"):
        await journal(store).write()
    with pytest.raises(Restored, match=r"\(2 entries\).*anypeople restore replay"):
        await check_standing(store)

    assert await tip() == 1


async def test_two_databases_that_write_to_one_journal_are_told_apart(database: str, store: LocalObjectStore) -> None:
    """The other one wrote between the look at the journal and the write: the number that was given goes back."""
    await decide(uuid4())
    await journal(store).write()
    other = Entry(2, uuid4(), datetime.now(UTC), Decision.RESTRICTED, uuid4())
    await decide(uuid4(), uuid4())

    class Overtaken(DyingStore):
        async def put_new(self, key: str, content: bytes) -> bool:
            await store.put_new(key_of(2), other.token(SIGNER))
            return await super().put_new(key, content)

    with pytest.raises(Forked, match=r"Entry 2 .* two databases"):
        await journal(Overtaken(store)).write()

    assert [entry.id for entry in await written(store, 1)] == [other.id]
    assert (await tip(), await unwritten()) == (1, 2)
    with pytest.raises(Restored):
        await check_standing(store)


async def test_a_journal_that_lost_something_is_missed(database: str, store: LocalObjectStore) -> None:
    await check_standing(store)
    await decide(*(uuid4() for _ in range(4)))
    await check_standing(store)
    await journal(store).write()
    async with transaction():
        await move_tip(1)
    await store.delete(key_of(3))

    with pytest.raises(EntriesMissing, match=r"Entry 3 .*OBJECT_STORE_URL.*--accept-missing"):
        await written(store, 1)
    found = [entry.sequence async for entry in entries(store, SIGNER.verify, 1, accept_missing=True)]
    assert found == [2, 4]

    await store.delete(key_of(2))
    for asked in (check_standing(store), written(store, 1)):
        with pytest.raises(EntriesMissing, match=r"older than the decision journal.*begins with 4.*younger backup"):
            await asked

    async with transaction():
        await move_tip(4)
    await check_standing(store)
    await store.delete(key_of(4))
    with pytest.raises(EntriesMissing, match="Entry 4"):
        await check_standing(store)


async def test_what_is_not_ours_is_no_entry(database: str, store: LocalObjectStore) -> None:
    await decide(uuid4(), uuid4())
    await journal(store).write()
    first = b"".join([chunk async for chunk in store.read(key_of(1))])
    another = Entry(2, uuid4(), datetime.now(UTC), Decision.ERASED, uuid4())
    receipt = SIGNER.sign({"sequence": 2, "decision": "ERASED"}, "consent-receipt+jwt").encode()

    for forged in (first, another.token(Signer(b"x" * 32)), receipt, b"", "é".encode()):
        await store.put(key_of(2), forged)
        with pytest.raises(Forged, match=r"Entry 2 .*--old-key"):
            await written(store)
    await store.put("journal/readme", b"")
    await check_standing(store)


class Away:
    """`ObjectStore` that does not answer."""

    def __init__(self, store: ObjectStore) -> None:
        self.put, self.put_new, self.read, self.delete = store.put, store.put_new, store.read, store.delete

    async def head(self, key: str) -> StoredObject | None:
        raise OSError(key)

    async def list(self, prefix: str, after: str = "") -> AsyncGenerator[str, None]:
        raise OSError(prefix)
        yield  # type: ignore[unreachable]


async def test_without_the_store_nobody_can_tell_and_decisions_wait(database: str, store: LocalObjectStore) -> None:
    await decide(uuid4())

    with pytest.raises(JournalAway, match="does not answer"):
        await check_standing(Away(store))
    with pytest.raises(OSError, match="journal/"):
        await journal(Away(store)).write()

    assert await unwritten() == 1
    assert await journal(store).write() == 1


async def test_an_entry_goes_with_the_last_backup_of_before_and_the_newest_with_the_next(
    database: str, store: LocalObjectStore
) -> None:
    people = [uuid4(), uuid4()]
    await decide(*people)
    await journal(store).write()
    [until] = {row["until"] - row["at"] for row in await fetch("SELECT until, at FROM journal_entries")}
    assert until == KEPT
    await decide(uuid4())  # is not written: it does not go
    await execute("UPDATE journal_entries SET until = now()")

    assert await swept("journal_entries", store) == 1
    assert [key async for key in store.list("journal/")] == [key_of(2)]
    await check_standing(store)

    await execute("DELETE FROM journal_entries WHERE written_at IS NULL")
    await journal(store).refresh()
    await journal(store).refresh()  # as another worker would at the same time
    await journal(store).write()
    assert await swept("journal_entries", store) == 1
    await journal(store).refresh()
    left = await written(store, 2)
    assert {(entry.decision, entry.person) for entry in left} == {(Decision.MARK, None)}
    await check_standing(store)
