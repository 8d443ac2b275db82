"""What recipients still hold of somebody who is erased: who can be told is told, of the rest it is known until when."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.audit.service import alias_of
from app.core.db import execute, fetch
from app.core.ids import uuid7
from app.core.personal_data import Activity
from app.processors.deletion import BATCH, TRIES, Held, Holding, Recall, ToForget
from app.processors.outcomes import Deletion
from app.processors.records import About
from app.processors.register import Disclosed, Processor, Proof, Register, RetentionPromise, Role, Transfer
from app.processors.service import Gate
from tests.conftest import SignUp
from tests.processors.painters import PAINTER, PROMISE

PAINT = Activity.IMAGE_GENERATION
MONTH = RetentionPromise("It keeps it for a month.", Proof.NONE, "its word", timedelta(days=30))


@dataclass
class Told:
    """A recipient that answers as it is set up to."""

    answer: Deletion | type[OSError] = Deletion.CONFIRMED
    got: list[tuple[Sequence[ToForget], str]] = field(default_factory=list)

    async def delete(self, got: Sequence[ToForget], key: str) -> Deletion:
        """Answer, fail, or say nothing for ever."""
        self.got.append((got, key))
        if self.answer is Deletion.NO_ANSWER:
            await asyncio.Event().wait()
        if isinstance(self.answer, Deletion):
            return self.answer
        raise self.answer


async def free() -> None:
    """Hold nothing."""


async def disclosed(person: UUID, *processors: Processor) -> UUID:
    """Have something leave for each of these; return the person's alias."""
    gate = Gate(Register(processors))
    for processor in processors:
        async with gate.disclose(processor.name, PAINT, person, {Disclosed.PROMPT}, About("Generation", uuid7())):
            pass
    return await alias_of(person)


def recall(adapter: Told | None = None, *processors: Processor) -> Recall:
    adapters = {"painter": adapter} if adapter else {}
    return Recall(Gate(Register(processors)), adapters, timeout=0.05, pause=0.0)


async def told(by: Recall, alias: UUID) -> int:
    """Tell everybody; return how much was deleted."""
    deleted = 0

    async def count(number: int) -> None:
        nonlocal deleted
        deleted += number

    await by.tell(alias, free, count)
    return deleted


async def test_who_deletes_it_holds_nothing_and_is_told_once(person: SignUp) -> None:
    ada = (await person("ada")).viewer.user_id
    alias, adapter = await disclosed(ada, PAINTER), Told()
    by = recall(adapter, PAINTER)

    assert await told(by, alias) == 1
    assert await told(by, alias) == 0

    [(forgotten, key)] = adapter.got
    [row] = await fetch("SELECT * FROM disclosures")
    assert [(each.id, each.about) for each in forgotten] == [(row["id"], About("Generation", row["object_id"]))]
    assert key == str(row["id"])
    assert (row["deletion"], row["deletion_at"] is None) == ("CONFIRMED", False)
    assert await by.held(alias, datetime.now(UTC)) == [Held("painter", 1, 1, Holding.NOTHING, None)]


async def test_who_refuses_or_does_not_answer_is_waited_for_as_long_as_it_may_keep_it(person: SignUp) -> None:
    ada, month = (await person("ada")).viewer.user_id, replace(PAINTER, retention=MONTH)
    alias = await disclosed(ada, month)
    for answer, kept, tries in (
        (Deletion.REFUSED, "REFUSED", 1),
        (Deletion.NO_ANSWER, "NO_ANSWER", TRIES),
        (ConnectionError, "NO_ANSWER", TRIES),
    ):
        await execute("UPDATE disclosures SET deletion = NULL")
        adapter = Told(answer)
        by = recall(adapter, month)
        assert await told(by, alias) == 0
        assert len(adapter.got) == tries
        assert len({key for _, key in adapter.got}) == 1, "it is the same wish each time"
        [row] = await fetch("SELECT created_at, deletion FROM disclosures")
        assert row["deletion"] == kept
        until = row["created_at"] + timedelta(days=30)
        assert await by.held(alias, datetime.now(UTC)) == [Held("painter", 1, 0, Holding.EXPIRES, until)]
        assert await by.held(alias, until) == [Held("painter", 1, 0, Holding.NOTHING, None)]


async def test_who_cannot_be_told_is_known_by_its_promise(person: SignUp) -> None:
    """It keeps nothing; promises nothing; has it for itself; is a machine of ours; has left the register."""
    ada = (await person("ada")).viewer.user_id
    ours = replace(PAINTER, name="ours", role=Role.OURSELVES, transfer=Transfer.NONE_NEEDED)
    known = replace(PAINTER, name="known", role=Role.CONTROLLER)
    forgets = replace(PAINTER, name="forgets", retention=PROMISE)
    alias = await disclosed(ada, PAINTER, ours, known, forgets, replace(PAINTER, name="stranger"))
    await execute("UPDATE disclosures SET outcome = NULL WHERE processor = 'painter'")

    held = await recall(None, PAINTER, ours, known, forgets).held(alias, datetime.now(UTC))

    assert {each.processor: each.holding for each in held} == {
        "forgets": Holding.NOTHING,
        "known": Holding.ITS_OWN,
        "painter": Holding.UNKNOWN,
        "stranger": Holding.UNKNOWN,
    }
    await execute("UPDATE disclosures SET outcome = 'REFUSED'")
    assert await recall(None, PAINTER).held(alias, datetime.now(UTC)) == [], "nothing left"


async def test_it_is_told_of_so_much_at_a_time_and_of_one_activity(person: SignUp) -> None:
    ada = (await person("ada")).viewer.user_id
    alias, adapter = await disclosed(ada, PAINTER), Told()
    await execute(
        """INSERT INTO disclosures (id, subject_id, processor, activity, categories, created_at, outcome)
           SELECT gen_random_uuid(), $1, 'painter', CASE WHEN n > $2 THEN 'MARKETING' ELSE 'IMAGE_GENERATION' END, '[]',
                  now(), 'SENT' FROM generate_series(1, $2 + 1) AS n""",
        alias,
        BATCH,
    )

    assert await told(recall(adapter, PAINTER), alias) == BATCH + 1

    assert sorted(len(got) for got, _ in adapter.got) == [1, BATCH]
    rest = await fetch("SELECT activity, deletion FROM disclosures WHERE deletion <> 'CONFIRMED'")
    assert rest == [{"activity": "MARKETING", "deletion": "NO_ANSWER"}], "the gate lets nothing out for that"


@pytest.mark.parametrize("keeps", [timedelta(), timedelta(days=1)], ids=["nothing", "a day"])
def test_who_keeps_it_for_a_while_proves_no_retention_and_gets_no_faces(keeps: timedelta) -> None:
    promise = replace(PROMISE, keeps=keeps)
    assert replace(PAINTER, retention=promise).proves_retention is (keeps == timedelta())


async def test_what_leaves_for_somebody_who_is_gone_names_nobody_and_nothing_of_theirs(database: str) -> None:
    about = About("Generation", uuid7())
    async with Gate(Register([PAINTER])).disclose("painter", PAINT, UUID(int=7), {Disclosed.PROMPT}, about):
        pass
    [row] = await fetch("SELECT subject_id, object_type, object_id FROM disclosures")
    assert set(row.values()) == {None}
