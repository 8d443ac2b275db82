"""The gate: a row before anything leaves, its outcome after, and a refusal that is on record."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from uuid import UUID

import pytest
import structlog

from app.core.db import execute, fetch, transaction
from app.core.ids import uuid7
from app.core.personal_data import Activity
from app.processors.errors import (
    ActivityNotRegistered,
    CategoryNotRegistered,
    DisclosureRefused,
    FaceWithoutProof,
    ProcessorUnregistered,
)
from app.processors.fetcher import AddressRefused
from app.processors.outcomes import Deletion, Outcome
from app.processors.queries import own_disclosures
from app.processors.records import About, record_deletions
from app.processors.register import Disclosed, Register
from app.processors.service import Gate
from tests.conftest import SignUp
from tests.fakes.carriers import Crash
from tests.fakes.statements import counted
from tests.processors.painters import PAINTER, PROMISE, on_record, outcomes

GATE = Gate(Register([PAINTER]))
PAINT = Activity.IMAGE_GENERATION
REFUSED: dict[str, tuple[str, Activity, set[Disclosed], type[DisclosureRefused]]] = {
    "nobody": ("other", PAINT, {Disclosed.PROMPT}, ProcessorUnregistered),
    "another activity": ("painter", Activity.MARKETING, {Disclosed.PROMPT}, ActivityNotRegistered),
    "another category": ("painter", PAINT, {Disclosed.PROMPT, Disclosed.REFERENCE}, CategoryNotRegistered),
    "a face without proof": ("painter", PAINT, {Disclosed.FACE}, FaceWithoutProof),
}


async def test_the_row_is_there_before_the_bytes_and_its_outcome_after(person: SignUp) -> None:
    ada = (await person("ada")).viewer
    about = About("Generation", uuid7())

    async with GATE.disclose("painter", PAINT, ada.user_id, {Disclosed.PROMPT}, about) as sending:
        [before] = await own_disclosures(ada, first=9)
        assert sending.processor is PAINTER
    [after] = await own_disclosures(ada, first=9)

    assert (before.outcome, before.outcome_at, before.refusal) == (Outcome.UNKNOWN, None, None)
    assert (after.outcome, after.refusal, after.about) == (Outcome.SENT, None, about)
    assert (after.processor, after.activity, after.categories) == ("painter", PAINT, (Disclosed.PROMPT,))
    assert after.outcome_at is not None
    assert before.at == after.at <= after.outcome_at


async def test_a_row_names_a_person_by_their_alias_only(person: SignUp) -> None:
    ada = (await person("ada")).viewer
    async with GATE.disclose("painter", PAINT, ada.user_id, {Disclosed.PROMPT}):
        pass
    [row] = await on_record()
    [alias] = await fetch("SELECT id FROM subject_aliases WHERE user_id = $1", ada.user_id)
    assert row["subject_id"] == alias["id"]
    assert ada.user_id not in row.values()
    assert [told for told in ("example.com", "Ada", "a person") if told in str(row)] == []


async def test_who_has_no_alias_yet_gets_one_and_who_is_gone_none(person: SignUp) -> None:
    ada = (await person("ada")).viewer
    await execute("DELETE FROM audit_details")
    await execute("DELETE FROM audit_entries")
    for table in ("acceptances", "disclosures", "subject_aliases"):
        await execute(f"DELETE FROM {table}")
    for subject in (ada.user_id, UUID(int=7)):
        async with GATE.disclose("painter", PAINT, subject, {Disclosed.PROMPT}):
            pass
    assert len(await own_disclosures(ada, first=9)) == 1
    assert [row["subject_id"] is None for row in await on_record()] == [False, True]


@pytest.mark.parametrize(("processor", "activity", "categories", "error"), REFUSED.values(), ids=REFUSED)
async def test_what_is_not_declared_is_refused_and_on_record(
    person: SignUp,
    processor: str,
    activity: Activity,
    categories: set[Disclosed],
    error: type[DisclosureRefused],
) -> None:
    ada, left = (await person("ada")).viewer, False
    with structlog.testing.capture_logs() as logs, pytest.raises(error) as refused:
        async with GATE.disclose(processor, activity, ada.user_id, categories):
            left = True

    assert not left
    assert refused.value.code == error.refusal.value
    [record] = await own_disclosures(ada, first=9)
    assert (record.outcome, record.refusal, record.processor) == (Outcome.REFUSED, error.refusal, processor)
    assert set(record.categories) == categories
    assert str(ada.user_id) not in str(logs)


def test_every_refusal_has_a_code_of_its_own() -> None:
    errors = [error for *_, error in REFUSED.values()]
    assert len({error.code for error in errors}) == len(errors) == 4


async def test_a_proof_opens_the_gate_for_faces(database: str) -> None:
    gate = Gate(Register([replace(PAINTER, retention=PROMISE)]))
    async with gate.disclose("painter", PAINT, None, {Disclosed.FACE}):
        pass
    assert await outcomes() == [("SENT", None)]


async def _fails(error: BaseException) -> None:
    with pytest.raises(type(error)):
        async with GATE.disclose("painter", PAINT, None, {Disclosed.PROMPT}):
            raise error


async def test_what_breaks_off_failed_and_what_dies_stays_unknown(database: str) -> None:
    led_inside = AddressRefused("inside")
    led_inside.sent = True
    for error in (OSError("away"), asyncio.CancelledError(), AddressRefused("inside"), led_inside, Crash("dead")):
        await _fails(error)

    assert await outcomes() == [
        ("FAILED", None),
        ("FAILED", None),
        ("REFUSED", "ADDRESS_REFUSED"),
        ("FAILED", "ADDRESS_REFUSED"),
        (None, None),
    ]


async def _pictures() -> AsyncGenerator[int, None]:
    async with GATE.disclose("painter", PAINT, None, {Disclosed.PROMPT}):
        yield 1
        yield 2


async def test_an_engine_that_is_closed_half_way_failed(database: str) -> None:
    async with aclosing(_pictures()) as pictures:
        assert await anext(pictures) == 1
    assert await outcomes() == [("FAILED", None)]


async def test_nothing_leaves_inside_of_a_transaction(database: str) -> None:
    left = False
    async with transaction():
        with pytest.raises(RuntimeError, match="transaction"):
            async with GATE.disclose("painter", PAINT, None, {Disclosed.PROMPT}):
                left = True
        with pytest.raises(RuntimeError, match="transaction"):
            async with GATE.ask("painter", PAINT):
                left = True
    assert not left
    assert await outcomes() == []


async def test_a_question_about_nobody_is_no_disclosure_but_is_refused_all_the_same(database: str) -> None:
    async with GATE.ask("painter", PAINT) as entry:
        assert entry is PAINTER
    assert await outcomes() == []

    with pytest.raises(ProcessorUnregistered):
        async with GATE.ask("other", PAINT):
            raise AssertionError("it left")
    assert await outcomes() == [("REFUSED", "PROCESSOR_UNREGISTERED")]


async def test_one_disclosure_costs_two_statements(person: SignUp) -> None:
    ada = (await person("ada")).viewer
    with counted() as statements:
        async with GATE.disclose("painter", PAINT, ada.user_id, {Disclosed.PROMPT}):
            assert len(statements) == 1
    assert len(statements) == 2


async def test_an_outcome_that_cannot_be_written_changes_nothing(database: str) -> None:
    async with GATE.disclose("painter", PAINT, None, {Disclosed.PROMPT}):
        await execute("ALTER TABLE disclosures RENAME COLUMN outcome_at TO gone")
    await execute("ALTER TABLE disclosures RENAME COLUMN gone TO outcome_at")
    assert await outcomes() == [(None, None)]


async def test_whose_it_was_may_become_known_on_the_way(person: SignUp) -> None:
    ada = (await person("ada")).viewer
    async with GATE.disclose("painter", PAINT, None, {Disclosed.PROMPT}) as sending:
        sending.belongs_to(ada.user_id)
        assert await own_disclosures(ada, first=9) == []
    assert [record.outcome for record in await own_disclosures(ada, first=9)] == [Outcome.SENT]


async def test_the_answer_about_deletion_is_on_the_row(person: SignUp) -> None:
    ada = (await person("ada")).viewer
    async with GATE.disclose("painter", PAINT, ada.user_id, {Disclosed.PROMPT}) as sending:
        pass
    await record_deletions([sending.id], Deletion.NO_ANSWER)
    await record_deletions([sending.id], Deletion.CONFIRMED)
    [record] = await own_disclosures(ada, first=9)
    assert record.deletion is Deletion.CONFIRMED
    assert record.deletion_at is not None
