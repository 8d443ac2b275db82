"""Replaying a data set: what was right, what has changed since, and what should never have been in it."""

from dataclasses import replace
from uuid import uuid4

import pytest

from app.core.clock import SystemClock
from app.core.db import execute, fetch
from app.core.signing import Signer
from app.training.errors import DoesNotHold
from app.training.marking import mark_lapsed, mark_restricted
from app.training.resealing import reseal
from app.training.sets import listed_one
from app.training.verification import Verdict
from tests.fakes.consents import NEW, FakeNotices
from tests.fakes.statements import counted
from tests.training.world import (
    PRIVATE,
    built,
    consent,
    generation_of,
    key_of,
    keys,
    number,
    numbers,
    object_to_training,
    office,
    person_of,
    plant,
    verified,
)


async def test_every_decision_about_5000_items_is_replayed_and_one_no_changes_exactly_its_own(database: str) -> None:
    await plant(50, 100)
    at = office()
    name = await built(at)
    assert await numbers(at, name) == {Verdict.ELIGIBLE: 5000}

    await object_to_training(person_of(7))

    found = await verified(at, name)
    assert found.holds
    assert found.counts == {Verdict.ELIGIBLE: 4900, Verdict.EXCLUDED: 100}
    marked = await fetch(
        """SELECT DISTINCT a.user_id, t.excluded_because FROM training_items t JOIN subject_aliases a
           ON a.id = t.subject_id WHERE t.excluded_at IS NOT NULL"""
    )
    assert marked == [{"user_id": person_of(7), "excluded_because": "OBJECTED"}]
    assert (await listed_one(name)).excluded == 100
    await object_to_training(person_of(7), objected=False)
    assert await numbers(at, name) == {Verdict.ELIGIBLE: 4900, Verdict.EXCLUDED: 100}, "a mark stays"
    with counted() as few:
        await verified(at, name, batch=5000)
    with counted() as many:
        await verified(at, name, batch=500)
    assert len(few) < 10
    assert len(many) - len(few) == 3 * 9, "as many statements for each batch, of whatever size"


async def test_what_changed_since_is_told_apart_from_what_was_wrong(database: str) -> None:
    await plant(10, 1)
    await execute("UPDATE generations SET visibility = 'PRIVATE' WHERE user_id = ANY($1)", [person_of(8), person_of(9)])
    notices = FakeNotices()
    at = office(notices)
    await consent(person_of(8))
    await consent(person_of(9))
    name = await built(at)
    assert await numbers(at, name) == {Verdict.ELIGIBLE: 10}

    for statement, person in (
        ("UPDATE users SET status = 'RESTRICTED' WHERE id = $1", 1),
        ("UPDATE users SET status = 'SUSPENDED' WHERE id = $1", 2),
        ("UPDATE users SET status = 'FROZEN' WHERE id = $1", 3),
        ("UPDATE generations SET visibility = 'PRIVATE' WHERE user_id = $1", 4),
        ("UPDATE pictures SET state = 'DELETED' WHERE person_id = $1", 5),
        ("UPDATE subject_aliases SET user_id = NULL WHERE user_id = $1", 6),
        ("UPDATE generations SET visibility = 'PUBLIC' WHERE user_id = $1", 9),
    ):
        await execute(statement, person_of(person))
    await consent(person_of(8), granted=False)
    await mark_restricted(person_of(1))
    found = await verified(at, name)

    assert (found.wrong, found.faults) == ([], [])
    assert found.counts == {Verdict.ELIGIBLE: 3, Verdict.EXCLUDED: 5, Verdict.GONE: 2}
    because = {
        "RESTRICTED": 1,
        "ACCOUNT_NOT_ACTIVE": 2,
        "MADE_PRIVATE": 1,
        "NO_CONSENT": 1,
        "PICTURE_DELETED": 1,
        "PERSON_ERASED": 1,
    }
    assert found.because == because
    assert await mark_lapsed(at.limitation, batch=3) == 5, "what no command told of"
    assert (await verified(at, name)).because == because
    notices.again = {PRIVATE: SystemClock().now()}
    assert (await verified(at, name)).because == {**because, "NO_CONSENT": 2}
    notices.notice = NEW
    assert (await verified(at, name)).wrong, "another policy than the one that the items name"
    # The sixth person is not really erased: only the alias of before leads to nobody.
    assert await keys(await built(office())) == {key_of(each) for each in (6, 7, 9, 10)}


TAMPERING = {
    "its basis": "UPDATE training_items SET basis = 'CONTRACT' WHERE id = $1",
    "its person": "UPDATE training_items SET subject_id = (SELECT subject_id FROM training_items t WHERE t.id > $1 "
    "LIMIT 1) WHERE id = $1",
    "its hash": "UPDATE training_items SET sha256 = repeat('0', 64) WHERE id = $1",
    "its policy": "UPDATE training_items SET policy_version = '1999-01-01' WHERE id = $1",
    "its time": "UPDATE training_items SET decided_at = now() + interval '1 day' WHERE id = $1",
    "its consent": "UPDATE training_items SET consent_id = gen_random_uuid() WHERE id = $1",
    "its visibility": "UPDATE training_items SET visibility = 'SECRET' WHERE id = $1",
}


@pytest.mark.parametrize("tamper", ["", "of an erased person"])
async def test_an_item_that_was_changed_is_named(database: str, tamper: str) -> None:
    await plant(3, 1)
    at = office()
    name = await built(at)
    [changed, *_] = await fetch("SELECT * FROM training_items ORDER BY id")
    if tamper:
        await execute("UPDATE subject_aliases SET user_id = NULL WHERE user_id = $1", person_of(1))

    for what, statement in TAMPERING.items():
        await execute(statement, changed["id"])
        found = await verified(at, name)
        assert not found.holds, what
        assert [id for id, _ in found.wrong] == [changed["id"]], what
        assert len(found.faults) == 1, what
        await _restore(changed)
        assert (await verified(at, name)).holds, what


async def _restore(item: dict[str, object]) -> None:
    names = ("basis", "subject_id", "sha256", "policy_version", "decided_at", "consent_id", "visibility")
    sets = ", ".join(f"{name} = ${index}" for index, name in enumerate(names, 2))
    await execute(f"UPDATE training_items SET {sets} WHERE id = $1", item["id"], *(item[name] for name in names))


async def test_an_item_that_was_added_or_removed_shows(database: str) -> None:
    await plant(3, 1)
    await object_to_training(person_of(3))
    at = office()
    name = await built(at)
    assert await keys(name) == {key_of(1), key_of(2)}
    await execute("CREATE TABLE whole AS TABLE training_items")
    added = uuid4()

    await execute(
        """INSERT INTO training_items (id, set_id, subject_id, picture_id, sha256, byte_size, visibility, basis,
             policy_version, decided_at, mac)
           SELECT $1, set_id, (SELECT id FROM subject_aliases WHERE user_id = $2), $3, sha256, byte_size, visibility,
             basis, policy_version, decided_at, mac FROM training_items LIMIT 1""",
        added,
        person_of(3),
        number(3, 3),
    )
    found = await verified(at, name)
    [(named, words)] = found.wrong
    assert named == added
    assert "added by hand" in words
    assert "had objected" in words
    assert "not that of the picture" in words
    await execute("DELETE FROM training_items WHERE id = $1", added)
    assert (await verified(at, name)).holds

    await execute("DELETE FROM training_items WHERE picture_id = $1", number(3, 1))
    assert (await verified(at, name)).faults == ["It was sealed with 2 items and has 1, or some of them were changed."]
    for change in ("items = 1", "sha256 = repeat('0', 64)", "signature = 'e30.e30.e30'", "name = 'other'"):
        await execute("DELETE FROM training_items")
        await execute("INSERT INTO training_items SELECT * FROM whole")
        await execute("CREATE TABLE sets AS TABLE training_sets")
        await execute(f"UPDATE training_sets SET {change}")
        now = "other" if "other" in change else name
        assert len((await verified(at, now)).faults) == 1, change
        await execute(
            "UPDATE training_sets t SET name = s.name, items = s.items, sha256 = s.sha256, "
            "signature = s.signature FROM sets s"
        )
        await execute("DROP TABLE sets")
    assert (await verified(at, name)).holds


async def test_a_decision_that_the_records_of_then_forbid_is_wrong(database: str) -> None:
    """Whoever has the key to seal an item still cannot make it right."""
    await plant(3, 1)
    await execute("UPDATE generations SET visibility = 'PRIVATE' WHERE user_id = ANY($1)", [person_of(2), person_of(3)])
    at = office()
    for person in (2, 3):
        await consent(person_of(person))
    name = await built(at)
    [sealed_at] = [row["sealed_at"] for row in await fetch("SELECT sealed_at FROM training_sets")]

    # Records are only ever added; these are of before the decision: whoever forged the data set ignored them.
    await execute(
        """INSERT INTO objection_records (id, principal_id, sequence, activity, objected, decided_at)
           SELECT gen_random_uuid(), id, 9, 'MODEL_TRAINING', TRUE, $2::timestamptz - interval '1 hour'
           FROM subject_aliases WHERE user_id = $1""",
        person_of(1),
        sealed_at,
    )
    await execute(
        """INSERT INTO consent_records (id, principal_id, sequence, purpose, granted, decided_at, policy_version,
             notice_sha256, method, receipt)
           SELECT gen_random_uuid(), principal_id, 9, purpose, FALSE, decided_at, policy_version, notice_sha256, method,
             receipt FROM consent_records
           WHERE principal_id = (SELECT id FROM subject_aliases WHERE user_id = $1)""",
        person_of(2),
    )
    await execute(
        """INSERT INTO generation_references (id, generation_id, position) VALUES (gen_random_uuid(), $1, 0)""",
        generation_of(3),
    )
    found = await verified(at, name)

    assert sorted(words for _, words in found.wrong) == [
        "The consent that it names did not count.",
        "The person had objected.",
        "The picture was made by a reference picture.",
    ]
    assert found.faults == []


async def test_a_replaced_key_seals_anew_what_held_by_the_old_one_and_nothing_else(database: str) -> None:
    await plant(3, 1)
    old = office()
    new = replace(old, signer=Signer(b"n" * 32), key=b"n" * 32)
    first, second = await built(old), await built(old)
    await execute("INSERT INTO training_sets (id, name, started_at) VALUES ($1, 'begun', now())", number(9, 1))
    assert not (await verified(new, first)).holds
    await execute(
        """UPDATE training_items SET policy_version = '1999-01-01' WHERE set_id = (
             SELECT id FROM training_sets WHERE name = $1)""",
        second,
    )

    with pytest.raises(DoesNotHold):
        await reseal(old, new, lambda _: None, batch=2)

    assert (await verified(new, first)).holds
    assert not (await verified(new, second)).holds
    assert (await verified(old, second)).counts == {Verdict.WRONG: 3}, "nobody makes it right by sealing it anew"
    await execute("DELETE FROM training_sets WHERE name = $1", second)
    assert await reseal(old, new, lambda _: None) == 0
    assert [row["name"] for row in await fetch("SELECT name FROM training_sets")] == [first]
