"""Which version is in force, and what it asks again."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from app.core.consent_purposes import ConsentPurpose
from app.core.db import execute
from app.policy import queries
from app.policy.errors import TextChanged, UnknownVersion
from app.policy.library import library
from app.policy.queries import edition_id
from app.policy.texts import DocumentKind
from tests.fakes.people import POLICY_VERSION, TERMS_VERSION
from tests.fakes.shelf import Shelf

NOW = datetime(2031, 6, 1, tzinfo=UTC)
PRIVACY = DocumentKind.PRIVACY


async def publish_row(version: str, effective: datetime, asks_again: str = "", sha256: str | None = None) -> None:
    document = library().find(PRIVACY, version)
    alias = uuid4()
    await execute("INSERT INTO subject_aliases (id) VALUES ($1)", alias)
    await execute(
        """INSERT INTO document_versions (id, kind, version, sha256, published_at, effective_at, material, summary,
                                          asks_again, published_by_id)
           VALUES ($1, 'PRIVACY', $2, $3, $4, $5, true, 'More is said.', $6, $7)""",
        edition_id(PRIVACY, version),
        version,
        sha256 or (document.sha256 if document else "0" * 64),
        effective - timedelta(days=30),
        effective,
        asks_again,
        alias,
    )


async def test_a_version_is_in_force_from_its_moment_on(database: str, shelf: Shelf) -> None:
    shelf.ship("2031-01-01")
    shelf.ship("2031-02-01")
    await publish_row("2031-02-01", NOW)

    before, then = await queries.in_force(PRIVACY, NOW - timedelta(seconds=1)), await queries.in_force(PRIVACY, NOW)

    assert (before.document.version, then.document.version) == (POLICY_VERSION, "2031-02-01")
    assert [before.begins, then.begins] == [True, False]
    listed = [(each.edition, each.previous) for each in await queries.listed(PRIVACY)]
    assert listed == [(then, before.document), (before, None)]
    for moment, edition in ((NOW - timedelta(seconds=1), before), (NOW, then)):
        assert (await queries.listed_in_force(PRIVACY, moment)).edition == edition
    assert (await queries.in_force(DocumentKind.TERMS, NOW)).document.version == TERMS_VERSION


async def test_what_is_shipped_and_not_published_is_shown_to_nobody(database: str, shelf: Shelf) -> None:
    shelf.ship("2031-01-01")

    with pytest.raises(UnknownVersion):
        await queries.edition(PRIVACY, "2031-01-01")


async def test_a_purpose_is_asked_again_since_the_last_version_that_says_so(database: str, shelf: Shelf) -> None:
    for version in ("2031-01-01", "2031-02-01", "2031-03-01"):
        shelf.ship(version)
    await publish_row("2031-01-01", NOW - timedelta(days=60), "MARKETING_EMAIL FACE_REFERENCE_IMAGES")
    await publish_row("2031-02-01", NOW - timedelta(days=30), "MARKETING_EMAIL")
    await publish_row("2031-03-01", NOW + timedelta(days=1), "ANALYTICS_COOKIES")

    assert await queries.asked_again(NOW) == {
        ConsentPurpose.FACE_REFERENCE_IMAGES: NOW - timedelta(days=60),
        ConsentPurpose.MARKETING_EMAIL: NOW - timedelta(days=30),
    }


@pytest.mark.parametrize("version", ["2031-01-01", "2031-12-31"])
async def test_a_published_text_that_changed_or_vanished_is_refused_loudly(
    version: str, database: str, shelf: Shelf
) -> None:
    shelf.ship("2031-01-01")
    await publish_row(version, NOW, sha256="f" * 64)

    with pytest.raises(TextChanged, match=version):
        await queries.in_force(PRIVACY, NOW)
    with pytest.raises(TextChanged, match=version):
        await queries.check_published()
