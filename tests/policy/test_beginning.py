"""What a new installation begins with, and that every other one keeps what its people were shown."""

import asyncio
import contextvars
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from app.core.db import execute, fetch, transaction
from app.policy import queries
from app.policy.beginning import begin
from app.policy.library import library
from app.policy.texts import DocumentKind
from tests.fakes.people import POLICY_VERSION, TERMS_VERSION
from tests.fakes.shelf import Shelf
from tests.fakes.waiting import until
from tests.policy.test_queries import publish_row

NOW = datetime(2031, 6, 1, tzinfo=UTC)
PRIVACY, TERMS = DocumentKind.PRIVACY, DocumentKind.TERMS
WAITING = "SELECT 1 FROM pg_locks WHERE relation = 'subject_aliases'::regclass AND NOT granted"
ALL = "SELECT kind, version, published_at, material, published_by_id FROM document_versions ORDER BY kind"


@dataclass(frozen=True, slots=True)
class Standing:
    """A clock that stands still."""

    moment: datetime = NOW

    def now(self) -> datetime:
        """Return the moment."""
        return self.moment


@pytest.fixture
async def empty(database: str) -> None:
    """A database in which nothing was ever published."""
    await execute("DELETE FROM document_versions")


async def in_force(kind: DocumentKind, at: datetime = NOW) -> str:
    return (await queries.in_force(kind, at)).document.version


async def somebody() -> None:
    """Have somebody had an account, and gone since."""
    await execute("INSERT INTO subject_aliases (id) VALUES (gen_random_uuid())")


async def test_a_new_installation_has_the_latest_texts_for_good(empty: None, shelf: Shelf) -> None:
    await begin(Standing())
    shelf.ship("2031-01-01")
    await begin(Standing(NOW + timedelta(days=1)))

    for kind, version in ((PRIVACY, POLICY_VERSION), (TERMS, TERMS_VERSION)):
        assert [edition.document.version for edition in await queries.editions(kind)] == [version]
        for moment in (NOW - timedelta(days=400), NOW, NOW + timedelta(days=400)):
            assert await in_force(kind, moment) == version
            assert (await queries.listed_in_force(kind, moment)).edition.document.version == version
    [edition] = await queries.editions(PRIVACY)
    assert (edition.published_at, edition.effective_at, edition.begins) == (NOW, NOW, True)
    assert [row["published_by_id"] for row in await fetch(ALL)] == [None, None]


async def test_where_people_came_before_the_first_text_stays(empty: None) -> None:
    await somebody()

    await begin(Standing())

    oldest = library().oldest(PRIVACY)
    assert await fetch(ALL) == []
    assert oldest.version != POLICY_VERSION
    assert await in_force(PRIVACY) == oldest.version
    [edition] = await queries.editions(PRIVACY)
    assert (edition.document, edition.published_at, edition.begins) == (oldest, None, True)
    await publish_row(POLICY_VERSION, NOW)
    assert [each.document.version for each in await queries.editions(PRIVACY)] == [POLICY_VERSION, oldest.version]
    assert await in_force(PRIVACY, NOW - timedelta(days=1)) == oldest.version


async def test_what_staff_published_stays_and_the_other_text_begins(empty: None, shelf: Shelf) -> None:
    shelf.ship("2031-01-01")
    shelf.ship("2031-02-01")
    await publish_row("2031-01-01", NOW)
    await execute("UPDATE document_versions SET published_by_id = NULL")
    await execute("DELETE FROM subject_aliases")

    await begin(Standing())

    assert [(row["kind"], row["version"]) for row in await fetch(ALL)] == [
        ("PRIVACY", "2031-01-01"),
        ("TERMS", TERMS_VERSION),
    ]


async def test_processes_that_start_at_once_record_it_once(empty: None) -> None:
    await asyncio.gather(*(begin(Standing()) for _ in range(8)))

    assert [row["version"] for row in await fetch(ALL)] == [POLICY_VERSION, TERMS_VERSION]


async def test_whoever_signs_up_just_then_keeps_what_they_were_shown(empty: None) -> None:
    outside = contextvars.copy_context()
    async with transaction():
        await somebody()
        starting = asyncio.create_task(begin(Standing()), context=outside)
        await until(lambda: fetch(WAITING))

    await starting
    assert await fetch(ALL) == []
    assert await in_force(PRIVACY) == library().oldest(PRIVACY).version
