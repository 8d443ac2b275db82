"""Two things that happen to one account at once: each happens as if it were alone, or says why not."""

import asyncio
from datetime import timedelta

import asyncpg  # type: ignore[import-untyped]
import pytest

from app.accounts import grants
from app.accounts.clients import register
from app.accounts.recovery import reset
from app.accounts.service import sign_in
from app.accounts.sessions import SignedIn
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.db import fetch
from app.core.errors import AppError
from app.core.keys import derive
from app.core.one_time import OneTimeTokens
from app.core.viewer import Scope
from tests.accounts.test_accounts import PASSWORD
from tests.accounts.test_addresses import ADA, CHANGE, CONFIRM
from tests.accounts.test_lost_factors import reset_link, running, start
from tests.accounts.test_recovery import NEW, REQUEST, RESET
from tests.accounts.test_recovery import reset as reset_at
from tests.accounts.test_second_factors import COMPLETE, protected
from tests.accounts.test_second_factors import sign_in as sign_in_at
from tests.fakes.mail import FakeMailer
from tests.fakes.server import Json, RunningServer
from tests.fakes.waiting import until

OTHER = "lovelace@example.com"


async def _change(server: RunningServer, session: str, address: str) -> Json:
    payload: Json = (await server.data(CHANGE, {"input": {"email": address}}, session))["changeEmail"]
    await server.queue.settle()
    return payload


async def test_confirming_an_address_while_another_is_asked_for(server: RunningServer, mailer: FakeMailer) -> None:
    session = await server.sign_up("ada")
    for number in range(3):  # the limit lets no more through
        await _change(server, session, f"ada{number}@example.com")
        link = mailer.token(f"ada{number}@example.com")
        answers = await asyncio.gather(
            *(server.execute(CHANGE, {"input": {"email": f"eva{number}-{n}@example.com"}}, session) for n in range(2)),
            server.execute(CONFIRM, {"input": {"token": link}}, session),
        )
        assert [answer for answer in answers if "errors" in answer] == []


async def test_a_reset_while_a_code_is_checked(server: RunningServer, mailer: FakeMailer, database_url: str) -> None:
    """Both come as far as they can; whichever is first, the reset leaves no session that the old password opened."""
    _, app, _ = await protected(server)
    link, challenge = await reset_link(server, mailer), (await sign_in_at(server))["challenge"]
    answering = {"challenge": challenge, "code": await app.next_code()}
    other = await asyncpg.connect(database_url)
    try:
        waiting = other.transaction()
        await waiting.start()
        await other.execute("SELECT id FROM users FOR UPDATE")
        resetting = asyncio.create_task(server.execute(RESET, {"input": {"token": link, "password": NEW}}))
        await until(lambda: fetch("SELECT 1 FROM pg_locks WHERE NOT granted"))
        completing = asyncio.create_task(server.execute(COMPLETE, answering))
        await until(lambda: fetch("SELECT 1 FROM pg_locks WHERE NOT granted HAVING count(*) > 1"))
        await waiting.rollback()
        answers = [await resetting, await completing]
    finally:
        await other.close()

    assert [answer for answer in answers if "errors" in answer] == []
    assert answers[0]["data"]["resetPassword"]["changed"]
    assert await fetch("SELECT id FROM sessions") == []


async def test_no_app_is_let_in_by_a_password_that_was_just_reset(
    server: RunningServer, mailer: FakeMailer, settings: Settings
) -> None:
    """The consent page signs in first and lets in then: a reset may come between."""
    await server.sign_up("ada")
    link = await reset_link(server, mailer)
    client = await register("Studio", ["https://app.example/back"], [Scope.PROFILE])
    opened = await sign_in(ADA, PASSWORD, SystemClock(), timedelta(minutes=1))
    assert isinstance(opened, SignedIn)

    await reset(link, NEW, OneTimeTokens(derive(settings.security.key, "one-time-tokens")))
    asked = grants.Request(client, "https://app.example/back", frozenset({Scope.PROFILE}), "c" * 43)
    with pytest.raises(AppError):
        await grants.approve(opened.viewer, asked)

    assert await fetch("SELECT id FROM app_grants") == []


async def test_of_two_links_that_were_asked_for_at_once_one_is_left_after_the_other(
    server: RunningServer, mailer: FakeMailer
) -> None:
    await server.sign_up("ada")
    mailer.letters.clear()
    await asyncio.gather(*(server.data(REQUEST, {"input": {"email": ADA}}) for _ in range(6)))
    await server.queue.settle()
    links = [letter.text.split("token=")[1].split()[0] for letter in mailer.to(ADA)]

    changed = [(await reset_at(server, link, f"{NEW} {n}"))["changed"] for n, link in enumerate(links)]

    assert changed.count(True) == 1


async def test_a_link_in_a_mailbox_that_was_left_changes_nothing(server: RunningServer, mailer: FakeMailer) -> None:
    """Whoever reads the former mailbox asks for a link just before the address is changed because of them."""
    session = await server.sign_up("ada")
    link = await reset_link(server, mailer)
    await _change(server, session, OTHER)
    confirmed = await server.data(CONFIRM, {"input": {"token": mailer.token(OTHER)}}, session)
    assert confirmed["confirmEmail"]["confirmed"]

    assert (await reset_at(server, link))["errors"] == [{"code": "NOT_FOUND", "path": ["token"]}]
    assert (await start(server, link))["errors"] == [{"code": "NOT_FOUND", "path": ["token"]}]


async def test_a_recovery_that_the_former_mailbox_started_ends_with_it(
    server: RunningServer, mailer: FakeMailer
) -> None:
    session, _, _ = await protected(server)
    await start(server, await reset_link(server, mailer))
    assert await running(server, session) is not None
    await _change(server, session, OTHER)
    await server.data(CONFIRM, {"input": {"token": mailer.token(OTHER)}}, session)

    assert await running(server, session) is None
