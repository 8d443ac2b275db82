"""Getting back in without the second factor: a waiting time, and every way to stop it."""

import asyncio
from datetime import timedelta

import pytest

from app.core.db import execute, fetch
from tests.accounts.test_accounts import PASSWORD
from tests.accounts.test_second_factors import (
    ADA,
    NEW,
    complete,
    own_factors,
    protected,
    prove,
    sign_in,
)
from tests.fakes.carriers import Crash
from tests.fakes.crashes import CrashPoints, dying_at_commits
from tests.fakes.mail import FakeMailer
from tests.fakes.server import Json, RunningServer
from workers.dispatch import dispatch_once
from workers.runner import Runner

START = """mutation ($token: String!) { startAccountRecovery(input: {token: $token}) {
  recovery { startedAt endsAt } errors { code path } } }"""
CANCEL = """mutation ($token: String) { cancelAccountRecovery(input: {token: $token}) {
  canceled errors { code path } } }"""
RESET = """mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { changed errors { code } } }"""
RUNNING = "{ viewer { recovery { startedAt endsAt } } }"


async def reset_link(server: RunningServer, mailer: FakeMailer) -> str:
    await server.queue.settle()
    await server.data(f'mutation {{ requestPasswordReset(input: {{email: "{ADA}"}}) {{ mailed }} }}')
    await server.queue.settle()
    return mailer.token(ADA)


async def start(server: RunningServer, link: str) -> Json:
    payload: Json = (await server.data(START, {"token": link}))["startAccountRecovery"]
    await server.queue.settle()
    return payload


async def cancel(server: RunningServer, *, link: str | None = None, token: str | None = None) -> Json:
    payload: Json = (await server.data(CANCEL, {"token": link}, token))["cancelAccountRecovery"]
    await server.queue.settle()
    return payload


async def running(server: RunningServer, token: str) -> Json | None:
    found: Json | None = (await server.data(RUNNING, None, token))["viewer"]["recovery"]
    return found


async def let_time_pass(server: RunningServer, hours: int) -> None:
    """Move everything that was recorded into the past, and do what is due then."""
    await server.queue.settle()
    await execute("UPDATE jobs SET run_after = run_after - $1::interval WHERE state = 'QUEUED'", timedelta(hours=hours))
    await execute(
        "UPDATE account_recoveries SET created_at = created_at - $1::interval, ends_at = ends_at - $1::interval",
        timedelta(hours=hours),
    )
    await dispatch_once(timedelta())
    await server.queue.settle()


async def test_who_has_nothing_but_the_mailbox_gets_back_in_after_the_waiting_time(
    server: RunningServer, mailer: FakeMailer
) -> None:
    token, _, codes = await protected(server)
    started = await start(server, await reset_link(server, mailer))
    assert started["errors"] == []
    assert await running(server, token) == started["recovery"]
    [row] = await fetch("SELECT ends_at - created_at AS wait FROM account_recoveries")
    assert row["wait"] == timedelta(hours=72)

    await let_time_pass(server, 71)
    assert (await sign_in(server))["challenge"]
    await let_time_pass(server, 1)

    assert mailer.to(ADA)[-1].subject == "Your second factor was removed"
    assert (await server.post(RUNNING, token=token)).status_code == 401
    link = await reset_link(server, mailer)
    assert (await server.data(RESET, {"input": {"token": link, "password": NEW}}))["resetPassword"]["changed"]
    signed_in = await sign_in(server, NEW)
    assert await own_factors(server, signed_in["token"]) == {"recoveryCodesLeft": 0, "secondFactors": []}
    assert await running(server, signed_in["token"]) is None
    assert not (await prove(server, signed_in["token"], code=codes[0]))["reauthenticated"]


async def test_a_sign_in_that_was_open_when_the_time_ended_is_over(server: RunningServer, mailer: FakeMailer) -> None:
    _, _, codes = await protected(server)
    await start(server, await reset_link(server, mailer))
    challenge = (await sign_in(server))["challenge"]
    await let_time_pass(server, 72)

    assert (await complete(server, challenge, codes[0]))["errors"][0]["path"] == ["challenge"]


async def test_the_link_in_the_mail_stops_it(server: RunningServer, mailer: FakeMailer) -> None:
    token, _, _ = await protected(server)
    await start(server, await reset_link(server, mailer))
    assert mailer.to(ADA)[-1].subject == "Your second factor will be removed"
    link = mailer.token(ADA)

    assert await cancel(server, link=link) == {"canceled": True, "errors": []}
    assert mailer.to(ADA)[-1].subject == "Your second factor stays"
    assert (await cancel(server, link=link))["errors"] == [{"code": "NOT_FOUND", "path": ["token"]}]
    await let_time_pass(server, 100)

    assert len((await own_factors(server, token))["secondFactors"]) == 1
    assert await fetch("SELECT id FROM jobs WHERE state <> 'SUCCEEDED'") == []


async def test_a_session_of_theirs_stops_it_and_nobody_elses_does(server: RunningServer, mailer: FakeMailer) -> None:
    token, _, _ = await protected(server)
    eve = await server.sign_up("eve")
    await start(server, await reset_link(server, mailer))

    for stranger in (eve, None):
        assert (await cancel(server, token=stranger))["errors"] == [{"code": "NOT_FOUND", "path": None}]
    assert await running(server, eve) is None
    assert await running(server, token) is not None
    assert (await cancel(server, token=token))["canceled"]
    assert await running(server, token) is None


async def test_a_proof_of_the_second_factor_stops_it(server: RunningServer, mailer: FakeMailer) -> None:
    token, app, codes = await protected(server)
    await start(server, await reset_link(server, mailer))
    await complete(server, (await sign_in(server))["challenge"], "000000")
    assert await running(server, token) is not None
    assert (await complete(server, (await sign_in(server))["challenge"], await app.next_code()))["token"]
    assert await running(server, token) is None

    await start(server, await reset_link(server, mailer))
    assert (await prove(server, token, code=codes[0]))["reauthenticated"]
    assert await running(server, token) is None


async def test_the_password_does_not_stop_it_and_a_new_one_neither(server: RunningServer, mailer: FakeMailer) -> None:
    await protected(server)
    await start(server, await reset_link(server, mailer))
    link = await reset_link(server, mailer)
    await server.data(RESET, {"input": {"token": link, "password": NEW}})
    await sign_in(server, NEW)
    await let_time_pass(server, 72)

    assert (await sign_in(server, NEW))["token"]


async def test_a_link_starts_it_once_and_a_second_one_tells_when_it_ends(
    server: RunningServer, mailer: FakeMailer
) -> None:
    await protected(server)
    link = await reset_link(server, mailer)
    first = await start(server, link)
    assert (await start(server, link))["errors"] == [{"code": "NOT_FOUND", "path": ["token"]}]

    another = await reset_link(server, mailer)
    assert await start(server, another) == first
    assert (await server.data(RESET, {"input": {"token": another, "password": NEW}}))["resetPassword"]["changed"]


async def test_without_a_second_factor_the_link_is_for_the_password(server: RunningServer, mailer: FakeMailer) -> None:
    await server.sign_up("ada")
    link = await reset_link(server, mailer)

    assert (await start(server, link))["errors"] == [{"code": "CONFLICT", "path": ["token"]}]
    assert (await server.data(RESET, {"input": {"token": link, "password": NEW}}))["resetPassword"]["changed"]


async def test_links_for_other_things_neither_start_nor_stop_it(server: RunningServer, mailer: FakeMailer) -> None:
    token, _, _ = await protected(server)
    link = await reset_link(server, mailer)
    await start(server, link)
    own = mailer.token(ADA)

    for wrong in (link, "none", ""):
        assert (await cancel(server, link=wrong))["errors"] == [{"code": "NOT_FOUND", "path": ["token"]}]
    assert (await start(server, own))["errors"] == [{"code": "NOT_FOUND", "path": ["token"]}]
    reset = await server.data(RESET, {"input": {"token": own, "password": NEW}})
    assert reset["resetPassword"]["errors"] == [{"code": "NOT_FOUND"}]
    assert await running(server, token) is not None


async def test_each_step_is_in_the_persons_log(server: RunningServer, mailer: FakeMailer) -> None:
    token, _, _ = await protected(server)
    await start(server, await reset_link(server, mailer))
    await cancel(server, token=token)
    await start(server, await reset_link(server, mailer))
    await let_time_pass(server, 72)

    token = (await sign_in(server, PASSWORD))["token"]
    log = await server.data("{ viewer { auditEntries(first: 5) { nodes { action } } } }", None, token)
    assert [entry["action"] for entry in log["viewer"]["auditEntries"]["nodes"]] == [
        "SIGNED_IN",
        "RECOVERY_FINISHED",
        "RECOVERY_STARTED",
        "RECOVERY_CANCELED",
        "RECOVERY_STARTED",
    ]


async def test_a_worker_that_dies_while_it_ends_the_time_leaves_all_or_nothing(
    server: RunningServer, mailer: FakeMailer, runner: Runner
) -> None:
    await protected(server)
    await start(server, await reset_link(server, mailer))
    server.queue.work_with(None)
    for at, left in ((0, 1), (1, 0)):
        [job] = await fetch(
            """UPDATE jobs SET state = 'QUEUED', run_after = now() WHERE kind = 'accounts.finish_recovery'
               RETURNING id, attempt"""
        )
        with dying_at_commits(CrashPoints(at)), pytest.raises(Crash):
            await asyncio.create_task(runner.run(job["id"], job["attempt"]))
        for table in ("totps", "sessions", "account_recoveries"):
            assert len(await fetch(f"SELECT id FROM {table}")) == left, table
