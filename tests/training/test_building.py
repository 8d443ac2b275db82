"""Building data sets: exactly what may be used, whatever happens meanwhile."""

import asyncio
import contextvars

import pytest

from app.core.db import execute, fetch, transaction
from app.training.building import Progress, build
from app.training.errors import NameTaken, OtherSetOpen
from app.training.marking import mark_deleted
from tests.fakes.carriers import Crash
from tests.fakes.consents import FakeNotices
from tests.fakes.crashes import CrashPoints, dying_at_commits
from tests.fakes.statements import counted
from tests.training.world import (
    PRIVATE,
    KeysAsBytes,
    built,
    consent,
    generation_of,
    key_of,
    keys,
    number,
    object_to_training,
    office,
    person_of,
    plant,
    verified,
)

INELIGIBLE = {
    3: "UPDATE users SET status = 'RESTRICTED' WHERE id = $1",
    4: "UPDATE users SET status = 'SUSPENDED' WHERE id = $1",
    5: "UPDATE users SET status = 'FROZEN' WHERE id = $1",
    6: "UPDATE users SET confirmed_email = NULL WHERE id = $1",
    7: "UPDATE generations SET status = 'FAILED' WHERE user_id = $1",
    8: "UPDATE pictures SET state = 'DELETED' WHERE person_id = $1",
    9: """INSERT INTO generation_references (id, generation_id, position)
          SELECT gen_random_uuid(), id, 0 FROM generations WHERE user_id = $1""",
    10: """WITH other AS (UPDATE generated_images SET picture_id = NULL, rejected_stage = 'output'
             WHERE generation_id IN (SELECT id FROM generations WHERE user_id = $1) RETURNING 1)
           SELECT count(*) FROM other""",
}
"""For each planted person, what makes their one public picture something that no model is trained on."""


async def test_exactly_what_may_be_used_is_in_it(database: str) -> None:
    await plant(16, 1)
    await object_to_training(person_of(2))
    for person, statement in INELIGIBLE.items():
        await execute(statement, person_of(person))
    await execute(
        "UPDATE generations SET visibility = 'PRIVATE' WHERE user_id = ANY($1)", [*map(person_of, (11, 12, 13))]
    )
    await consent(person_of(12))
    await consent(person_of(13))
    await consent(person_of(13), granted=False)
    at = office()
    assert isinstance(at.store, KeysAsBytes)
    at.store.missing, at.store.altered = {key_of(14)}, {key_of(15)}
    told: list[Progress] = []

    name = await build(at, "first", told.append, batch=4)

    assert await keys(name) == {key_of(1), key_of(12), key_of(16)}
    assert told[-1] == Progress(seen=15, taken=3, unreadable=2)
    rows = await fetch(
        """SELECT t.*, a.user_id FROM training_items t JOIN subject_aliases a ON a.id = t.subject_id ORDER BY user_id"""
    )
    assert [(row["user_id"], row["basis"], row["policy_version"], row["consent_id"] is None) for row in rows] == [
        (person_of(1), "LEGITIMATE_INTEREST", "2026-01-01", True),
        (person_of(12), "CONSENT", "2026-01-01", False),
        (person_of(16), "LEGITIMATE_INTEREST", "2026-01-01", True),
    ]
    assert {str(person_of(1)), "example.com"} & {
        str(value) for row in rows for name, value in row.items() if name != "user_id"
    } == set()
    assert (await verified(at, name)).holds
    with pytest.raises(NameTaken):
        await build(at, "first", told.append)


async def test_a_consent_that_has_to_be_asked_again_is_none(database: str) -> None:
    await plant(2, 1, "PRIVATE")
    notices = FakeNotices()
    at = office(notices)
    await consent(person_of(1))
    notices.again = {PRIVATE: at.limitation.clock.now()}
    await consent(person_of(2))

    assert await keys(await built(at)) == {key_of(2)}


async def test_who_says_no_while_it_is_built_is_not_in_it(database: str) -> None:
    await plant(6, 1)

    async def say_no() -> None:
        await object_to_training(person_of(1))
        await execute("UPDATE users SET status = 'RESTRICTED' WHERE id = $1", person_of(2))
        async with transaction():
            await mark_deleted([generation_of(3)])
            await execute("UPDATE pictures SET state = 'DELETED' WHERE id = $1", number(3, 3))
        await object_to_training(person_of(6))

    at = office()
    told = 0
    doing: list[asyncio.Task[None]] = []

    def tell(_: Progress) -> None:
        nonlocal told
        told += 1
        if told == 2:  # four of the six are taken
            doing.append(asyncio.ensure_future(say_no()))

    class Waiting(KeysAsBytes):
        async def read(self, key: str, start: int = 0, end: int | None = None):  # type: ignore[no-untyped-def]
            for task in doing:
                await task
            async for chunk in super().read(key, start, end):
                yield chunk

    at = type(at)(at.limitation, Waiting(), at.signer, at.key)
    name = await build(at, None, tell, batch=2)

    assert await keys(name) == {key_of(4), key_of(5)}
    assert (await verified(at, name)).holds


async def test_an_objection_waits_for_the_batch_that_decided_about_it_and_marks_it(database: str) -> None:
    """Between the answer and the commit nobody's mind changes unnoticed."""
    await plant(1, 1)
    objecting: list[asyncio.Task[None]] = []
    elsewhere = contextvars.copy_context()

    def object_now(statement: str) -> None:
        if statement.startswith("INSERT INTO training_items") and not objecting:
            work = asyncio.get_running_loop().create_task(object_to_training(person_of(1)), context=elsewhere)
            objecting.append(work)

    with counted(object_now):
        name = await built(office())
    await asyncio.gather(*objecting)

    marked = await fetch("SELECT excluded_because FROM training_items")
    assert objecting
    assert marked in ([], [{"excluded_because": "OBJECTED"}]), "in the set, it is marked; else it is not in the set"
    assert (await verified(office(), name)).holds


async def test_it_goes_on_after_a_crash_at_any_commit(database: str) -> None:
    await plant(5, 1)
    at, points = office(), CrashPoints()
    with dying_at_commits(points):
        whole = await built(at, batch=2)
    wanted = await keys(whole)
    assert points.passed > 8

    for each in range(points.passed):
        with dying_at_commits(CrashPoints(each)), pytest.raises(Crash):
            await built(at, batch=2)
        name = await built(at, batch=2)
        assert await keys(name) == wanted
        assert (await verified(at, name)).holds
        await execute("DELETE FROM training_sets WHERE name = $1", name)
    assert await fetch("SELECT 1 FROM training_sets WHERE sealed_at IS NULL") == []


async def test_two_runs_at_once_make_one_set(database: str) -> None:
    await plant(20, 1)
    at = office()
    await fetch("INSERT INTO training_sets (id, name, started_at) VALUES ($1, 'begun', now())", number(9, 1))

    with pytest.raises(OtherSetOpen):
        await build(at, "another", lambda _: None)
    names = await asyncio.gather(built(at, batch=3), built(at, batch=3))

    assert set(names) == {"begun"}
    assert len(await keys("begun")) == 20
    assert (await verified(at, "begun")).holds
    assert len(set(await asyncio.gather(built(at, batch=1), built(at, batch=1)))) == 1, "nothing was begun"


async def test_statements_grow_with_batches_and_not_with_people_or_pictures(database: str) -> None:
    await plant(40, 2)
    counts = []
    for batch in (80, 40):
        with counted() as statements:
            await built(office(), batch=batch)
        counts.append(len(statements))

    assert counts[0] < 45
    assert counts[1] - counts[0] < 25, "one batch more"
