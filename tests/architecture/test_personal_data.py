"""Every column of every table is classified. What nobody classified fails here, not in an export."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from app.core import migrations
from app.core.db import connected, execute
from app.core.personal_data import (
    NOT_PERSONAL,
    Activity,
    Category,
    Column,
    Holder,
    Keep,
    Medium,
    OnErasure,
    Retention,
    Store,
    Withheld,
)
from app.core.retention import RETENTION_RULES, RetentionRule
from app.registries import HOLDERS, PERSONAL_DATA, by_name
from tests.architecture.checks.coverage import Rules, absent_enforcers, coverage_faults, retention_faults
from tests.architecture.checks.personal_data import ForeignKeys, Registry, Tables, faults
from tests.architecture.checks.structure import foreign_keys
from tests.architecture.checks.tables import declared

CONTENT = Column(Category.CONTENT, (Activity.IMAGE_GENERATION,))
REGISTRY = {
    "users": Holder("users", "id", {"id": CONTENT}),
    "diaries": Holder("diaries", "author_id", {"id": NOT_PERSONAL, "author_id": CONTENT}),
    "pages": Holder("pages", "diary_id -> diaries.author_id", {"id": NOT_PERSONAL, "diary_id": CONTENT}),
    "weather": Holder("weather", None, {"id": NOT_PERSONAL}),
}
TABLES = {
    "users": ["id"],
    "diaries": ["id", "author_id"],
    "pages": ["id", "diary_id"],
    "weather": ["id"],
    "tortoise_migrations": ["id", "name"],
}
KEYS = {("diaries", "author_id"): ("users", "id"), ("pages", "diary_id"): ("diaries", "id")}


async def _examine(url: str, registry: Registry = PERSONAL_DATA) -> list[str]:
    return faults(registry, await migrations.tables(url), await foreign_keys(url))


def _changed(table: str, **changes: Any) -> Mapping[str, Holder]:
    return {**PERSONAL_DATA, table: replace(PERSONAL_DATA[table], **changes)}


async def test_the_registry_describes_the_database(database_url: str) -> None:
    assert len(await migrations.tables(database_url)) > len(PERSONAL_DATA) > 5
    assert await _examine(database_url) == []


async def test_the_models_say_what_the_database_says(database_url: str) -> None:
    """So `make check` needs no database."""
    tables, keys = declared()
    there = {name: sorted(each) for name, each in (await migrations.tables(database_url)).items() if name in tables}

    assert (tables, keys) == (there, await foreign_keys(database_url))


async def test_a_column_that_left_the_registry_is_named(database_url: str) -> None:
    tables, keys = await migrations.tables(database_url), await foreign_keys(database_url)
    for table, holder in PERSONAL_DATA.items():
        for column in holder.columns:
            rest = {name: entry for name, entry in holder.columns.items() if name != column}

            assert f"{table}.{column}: not classified" in faults(_changed(table, columns=rest), tables, keys)


async def test_a_column_that_the_database_gained_is_named(database_url: str) -> None:
    async with connected(database_url, pool_size=1):
        await execute("ALTER TABLE users ADD COLUMN shoe_size integer")

    assert await _examine(database_url) == ["users.shoe_size: not classified"]


async def test_a_column_that_the_database_lost_is_named(database_url: str) -> None:
    async with connected(database_url, pool_size=1):
        await execute("ALTER TABLE users DROP COLUMN display_name")

    assert await _examine(database_url) == ["users.display_name: classified, but not there"]


async def test_a_table_that_the_database_gained_is_named(database_url: str) -> None:
    async with connected(database_url, pool_size=1):
        await execute("CREATE TABLE horoscopes (id uuid PRIMARY KEY)")

    assert await _examine(database_url) == ["horoscopes: the table is not registered"]


async def test_a_table_that_left_the_registry_is_named(database_url: str) -> None:
    rest = {name: holder for name, holder in PERSONAL_DATA.items() if name != "sessions"}

    assert await _examine(database_url, rest) == ["sessions: the table is not registered"]


async def test_a_table_that_is_not_there_is_named(database_url: str) -> None:
    more = {**PERSONAL_DATA, "horoscopes": Holder("horoscopes", None, {})}

    assert await _examine(database_url, more) == ["horoscopes: registered, but there is no such table"]


@pytest.mark.parametrize(
    ("table", "path"),
    [
        ("generated_images", "generation_id -> generations.owner_id"),
        ("generated_images", "generation_id -> generations.engine"),
        ("generated_images", "picture_id -> generations.user_id"),
        ("generated_images", "generation_id"),
        ("generations", "engine"),
        ("generations", "owner_id"),
        ("feeds", "sequence"),
        ("feeds", None),
        ("sessions", "id"),
    ],
)
async def test_a_path_that_leads_elsewhere_is_named(table: str, path: str | None, database_url: str) -> None:
    found = await _examine(database_url, _changed(table, subject=path))

    assert found
    assert all(fault.startswith(table) for fault in found)


async def test_a_subject_that_is_called_not_personal_is_named(database_url: str) -> None:
    columns = {**PERSONAL_DATA["feeds"].columns, "person_id": NOT_PERSONAL}

    assert await _examine(database_url, _changed("feeds", columns=columns)) == [
        "feeds.person_id: leads to the subject, but is not classified as personal"
    ]


def test_a_small_registry_describes_its_tables() -> None:
    assert faults(REGISTRY, TABLES, KEYS) == []


@pytest.mark.parametrize(
    ("holder", "fault"),
    [
        (Holder("weather", None, {"id": CONTENT}), "weather.id: personal, but of nobody"),
        (
            Holder("pages", "diary_id -> diaries.id", {"id": NOT_PERSONAL, "diary_id": CONTENT}),
            "pages: the subject's path ends at diaries.id, which names no person",
        ),
        (
            Holder("pages", "diary_id -> weather.id", {"id": NOT_PERSONAL, "diary_id": CONTENT}),
            "pages: the subject's path takes pages.diary_id for a reference to weather",
        ),
        (
            Holder("pages", "diary_id -> diaries.reader_id", {"id": NOT_PERSONAL, "diary_id": CONTENT}),
            "pages: the subject's path ends at diaries.reader_id, which does not exist",
        ),
        (
            Holder("diaries", None, {"id": NOT_PERSONAL, "author_id": NOT_PERSONAL}),
            "diaries.author_id: leads to a person, but the table has no subject",
        ),
        (
            Holder("users", "id", {"id": NOT_PERSONAL}),
            "users.id: leads to the subject, but is not classified as personal",
        ),
    ],
)
def test_each_fault_of_a_registry_is_named(holder: Holder, fault: str) -> None:
    registry: Registry = {**REGISTRY, holder.table: holder}
    tables: Tables = TABLES
    keys: ForeignKeys = KEYS

    assert fault in faults(registry, tables, keys)


def test_two_holders_of_one_table_are_refused() -> None:
    twice = [*PERSONAL_DATA.values(), PERSONAL_DATA["users"]]

    with pytest.raises(ValueError, match="users is registered twice"):
        by_name(twice, lambda holder: holder.table)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"activities": ()}, "needs an activity and an erasure rule"),
        ({"on_erasure": OnErasure.NOTHING}, "needs an activity and an erasure rule"),
        ({"retention": Retention.NOT_PERSONAL}, "needs a retention rule"),
        ({"on_erasure": OnErasure.KEEP}, "KEEP needs a reason and an end"),
        ({"keep": Keep("the law says so", "ten years later")}, "KEEP needs a reason and an end"),
    ],
)
def test_personal_data_needs_an_activity_an_end_and_reasons(wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        replace(CONTENT, **wrong)


@pytest.mark.parametrize(("reason", "until"), [("", "ten years later"), ("the law says so", " ")])
def test_what_is_kept_says_why_and_how_long(reason: str, until: str) -> None:
    with pytest.raises(ValueError, match="needs a reason and an end"):
        Keep(reason, until)


def test_nothing_can_be_left_out_of_exports_without_a_reason() -> None:
    kept = replace(CONTENT, on_erasure=OnErasure.KEEP, keep=Keep("the law says so", "ten years later"))

    assert (CONTENT.exported, CONTENT.erased) == (True, True)
    assert (kept.exported, kept.erased) == (True, False)
    assert not replace(CONTENT, withheld=Withheld.CREDENTIAL).exported
    assert not NOT_PERSONAL.exported
    assert not NOT_PERSONAL.erased


def test_a_store_says_what_it_holds_and_whose_it_is() -> None:
    with pytest.raises(ValueError, match="say what it holds"):
        Store("a store", Medium.VALKEY, ("a:",), "the key", " ", CONTENT)
    with pytest.raises(ValueError, match="leads to a person"):
        Store("a store", Medium.VALKEY, ("a:",), None, "Something.", CONTENT)


def test_exports_and_erasures_cover_the_same_but_for_reasons() -> None:
    reasons = {column.withheld for holder in HOLDERS for column in holder.columns.values()}

    assert coverage_faults(HOLDERS) == []
    assert reasons == {None, *Withheld}, "a reason that nothing has"


class Unreasoned:
    """A column as one could be written that forgot its reason."""

    withheld = keep = None
    exported, erased = True, False


class Untold(Unreasoned):
    exported, erased = False, True


@pytest.mark.parametrize(
    ("column", "fault"),
    [
        (Unreasoned(), "users.id: exported and not erased, without a reason"),
        (Untold(), "users.id: erased and not exported, without a reason"),
    ],
)
def test_a_difference_without_a_reason_is_named(column: Any, fault: str) -> None:
    assert coverage_faults([Holder("users", "id", {"id": column})]) == [fault]


def test_every_retention_has_a_rule_and_every_enforcer_exists() -> None:
    assert RETENTION_RULES.keys() == set(Retention) - {Retention.NOT_PERSONAL}
    assert retention_faults(HOLDERS, RETENTION_RULES) == []
    assert absent_enforcers(RETENTION_RULES) == []


def test_a_rule_that_is_missing_or_enforced_by_nothing_is_named() -> None:
    rest: Rules = {name: rule for name, rule in RETENTION_RULES.items() if name is not Retention.WEEK}
    renamed = RetentionRule(Retention.WEEK, None, "From then.", ("workers.upkeep:forget", "workers.gone:run"))
    endless = replace(CONTENT, retention=Retention.WEEK, on_erasure=OnErasure.EXPIRES)

    assert "mails.address: WEEK has no rule (app/core/retention.py)" in retention_faults(HOLDERS, rest)
    assert absent_enforcers({Retention.WEEK: renamed}) == [
        "WEEK: workers.upkeep:forget does not exist (app/core/retention.py)",
        "WEEK: workers.gone:run does not exist (app/core/retention.py)",
    ]
    assert retention_faults([Holder("users", "id", {"id": endless})], {Retention.WEEK: renamed}) == [
        "users.id: it is to expire, but WEEK has no period"
    ]
