"""Two things that happen at once to what opens an account."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import pytest

from app.accounts import api_keys
from app.accounts.api_keys import NewKey
from app.accounts.errors import SessionNotFound
from app.accounts.factors import begin_passkey, renew_recovery_codes
from app.accounts.identities import link, unlink
from app.accounts.joining import Stranger, sign_in_with
from app.accounts.passkeys import RelyingParty
from app.accounts.providers import Proven, Provider
from app.core.clock import SystemClock
from app.core.db import fetch
from app.core.ports import ProvenIdentity
from app.core.viewer import Role, Scope, Viewer
from tests.accounts.test_second_factors import protected
from tests.fakes.server import RunningServer
from tests.fakes.waiting import until

GITHUB = Proven(Provider.GITHUB, ProvenIdentity("42", "ada@example.com", "Ada", None, None))
KEY = NewKey("A key", frozenset({Scope.PROFILE}), None, ())
HOUR = timedelta(hours=1)
PARTY = RelyingParty("images.test", ["http://images.test"])
NEEDS_SESSION: dict[str, Callable[[Viewer], Awaitable[Any]]] = {
    "a link": lambda viewer: link(viewer, GITHUB),
    "a key": lambda viewer: api_keys.create(viewer, KEY, key=None, clock=SystemClock(), hash_key=b"k" * 32),
    "a passkey": lambda viewer: begin_passkey(viewer, PARTY),
    "recovery codes": renew_recovery_codes,
}


async def newest() -> Viewer:
    [row] = await fetch("SELECT id, user_id FROM sessions ORDER BY created_at DESC LIMIT 1")
    return Viewer(row["user_id"], row["id"], Role.USER)


async def meanwhile(database_url: str, command: Awaitable[Any], change: str) -> Any:
    """Hold the person, let the command come as far as it can, change something, let go; return what came of it."""
    other = await asyncpg.connect(database_url)
    try:
        holding = other.transaction()
        await holding.start()
        await other.execute("SELECT id FROM users FOR UPDATE")
        task = asyncio.ensure_future(command)
        await until(lambda: fetch("SELECT 1 FROM pg_locks WHERE NOT granted"))
        await other.execute(change)
        await holding.commit()
        outcomes: tuple[Any, ...] = await asyncio.gather(task, return_exceptions=True)
        return outcomes[0]
    finally:
        await other.close()


async def test_whoever_signs_in_does_not_hold_the_link_and_wait_for_the_person(
    server: RunningServer, database_url: str
) -> None:
    """Whoever unlinks holds the person, then the link: the other way round neither gets on (a deadlock)."""
    await server.sign_up()
    await link(await newest(), GITHUB)

    outcome = await meanwhile(database_url, sign_in_with(GITHUB, SystemClock(), HOUR), "DELETE FROM identities")

    assert outcome == Stranger(has_account=True)


@pytest.mark.parametrize("what", NEEDS_SESSION)
async def test_who_was_signed_out_meanwhile_gets_nothing_that_stays(
    server: RunningServer, database_url: str, what: str
) -> None:
    """The owner changes the password, which ends a thief's session, just when the thief makes a way back in."""
    await protected(server)
    viewer = await newest()

    outcome = await meanwhile(database_url, NEEDS_SESSION[what](viewer), "DELETE FROM sessions")

    assert isinstance(outcome, SessionNotFound)
    assert await fetch("SELECT id FROM identities") == []
    assert await fetch("SELECT id FROM api_keys") == []


async def test_what_an_unlinked_account_proved_is_not_true_any_more(server: RunningServer) -> None:
    await protected(server)
    viewer = await newest()
    await link(viewer, GITHUB)
    await sign_in_with(GITHUB, SystemClock(), HOUR)
    assert len(await fetch("SELECT id FROM sign_in_challenges")) == 1
    [identity] = await fetch("SELECT id FROM identities")

    await unlink(viewer, identity["id"])

    assert await fetch("SELECT id FROM sign_in_challenges") == []
