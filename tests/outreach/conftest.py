"""Staff who publish, and everybody else."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.core.db import execute
from app.core.viewer import Role
from app.outreach.publication import publish
from app.policy.queries import Edition
from app.policy.service import Publication
from app.policy.texts import DocumentKind
from tests.conftest import SignUp
from tests.fakes.shelf import Shelf

NOTICE = timedelta(days=30)
VERSION = "2031-01-01"
SUMMARY = "We say more about what we keep."


class HandClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.time = datetime.now(UTC)

    def now(self) -> datetime:
        """Return where it stands."""
        return self.time


Publish = Callable[..., Awaitable[Edition]]


@pytest.fixture
def clock() -> HandClock:
    """The time."""
    return HandClock()


@pytest.fixture
async def publishing(database: str, person: SignUp, shelf: Shelf, clock: HandClock) -> Publish:
    """Publishes a version as the privacy officer: a material one in 31 days, unless told otherwise."""
    officer = replace((await person("officer")).viewer, role=Role.PRIVACY_OFFICER)
    shelf.ship(VERSION, "We keep less.")

    async def make(key: str = "once", **changes: object) -> Edition:
        effective = clock.now() + NOTICE + timedelta(days=1)
        said = Publication(DocumentKind.PRIVACY, VERSION, effective, True, SUMMARY, ())
        wish = replace(said, **changes)  # type: ignore[arg-type]
        return await publish(officer, wish, NOTICE, clock, key=key, hash_key=b"k" * 32)

    return make


async def populate(number: int) -> None:
    """Make that many accounts that have confirmed their address, by one statement."""
    await execute(
        """INSERT INTO users (id, email, confirmed_email, display_name, adult_attested_at, policy_version, created_at)
           SELECT id, id || '@example.com', id || '@example.com', 'Somebody', now(), '2026-03-24', now()
           FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, $1)) AS made""",
        number,
    )
