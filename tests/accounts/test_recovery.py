"""A forgotten password."""

import asyncio
import time

import asyncpg  # type: ignore[import-untyped]
import pytest

from app.core.db import execute, fetch
from tests.accounts.test_accounts import PASSWORD, sign_in, viewer
from tests.fakes.mail import FakeMailer
from tests.fakes.people import POLICY_VERSION
from tests.fakes.server import Json, RunningServer
from tests.fakes.waiting import until

REQUEST = """mutation ($input: RequestPasswordResetInput!) {
  requestPasswordReset(input: $input) { mailed errors { code path } } }"""
RESET = """mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { changed errors { code path } } }"""
ADA = "ada@example.com"
NEW = "seven purple umbrellas"


async def request(server: RunningServer, email: str = ADA) -> Json:
    await server.queue.settle()  # what was mailed before comes before
    payload: Json = (await server.data(REQUEST, {"input": {"email": email}}))["requestPasswordReset"]
    await server.queue.settle()
    return payload


async def reset(server: RunningServer, token: str, password: str = NEW) -> Json:
    payload: Json = (await server.data(RESET, {"input": {"token": token, "password": password}}))["resetPassword"]
    await server.queue.settle()
    return payload


async def test_a_link_changes_the_password_and_signs_every_device_out(
    server: RunningServer, mailer: FakeMailer
) -> None:
    session = await server.sign_up("ada")
    assert await request(server) == {"mailed": True, "errors": []}

    assert await reset(server, mailer.token(ADA)) == {"changed": True, "errors": []}

    assert (await server.post("{ viewer { id } }", token=session)).status_code == 401
    assert (await sign_in(server, password=PASSWORD))["errors"] != []
    signed_in = await sign_in(server, password=NEW)
    assert await viewer(server, signed_in["token"]) is not None
    assert mailer.to(ADA)[-1].subject == "Your password was changed"


async def test_a_link_works_once_and_the_last_one_only(server: RunningServer, mailer: FakeMailer) -> None:
    await server.sign_up("ada")
    await request(server)
    first = mailer.token(ADA)
    await request(server)
    second = mailer.token(ADA)

    assert (await reset(server, first))["errors"] == [{"code": "NOT_FOUND", "path": ["token"]}]
    assert (await reset(server, second))["changed"]
    assert (await reset(server, second, "another password entirely"))["errors"] != []
    assert (await sign_in(server, password=NEW))["errors"] == []


async def test_an_expired_link_and_a_weak_password_change_nothing(server: RunningServer, mailer: FakeMailer) -> None:
    session = await server.sign_up("ada")
    await request(server)
    link = mailer.token(ADA)

    assert (await reset(server, link, "password123"))["errors"] == [{"code": "INVALID_INPUT", "path": ["password"]}]
    await execute("UPDATE tickets SET expires_at = now()")
    assert (await reset(server, link))["errors"] == [{"code": "NOT_FOUND", "path": ["token"]}]

    assert await viewer(server, session) is not None
    assert (await sign_in(server))["errors"] == []


async def test_a_link_for_one_thing_does_no_other(server: RunningServer, mailer: FakeMailer) -> None:
    await server.data(
        "mutation ($input: SignUpInput!) { signUp(input: $input) { token } }",
        {
            "input": {
                "email": ADA,
                "password": PASSWORD,
                "displayName": "Ada",
                "adult": True,
                "policyVersion": POLICY_VERSION,
            }
        },
    )
    await server.queue.settle()

    assert (await reset(server, mailer.token(ADA)))["errors"] == [{"code": "NOT_FOUND", "path": ["token"]}]


async def test_asking_does_not_tell_whether_an_address_is_known(server: RunningServer, mailer: FakeMailer) -> None:
    await server.sign_up("ada")
    await server.queue.settle()
    mailer.letters.clear()

    known, unknown = await request(server), await request(server, "nobody@example.com")

    assert known == unknown
    assert [letter.subject for letter in mailer.letters] == [
        "Choose a new password",
        "There is no account with this address",
    ]
    assert "token=" not in mailer.letters[1].text


@pytest.mark.usefixtures("real_passwords")
async def test_time_does_not_tell_whether_an_address_is_known(server: RunningServer) -> None:
    """The quickest of interleaved calls, which a busy machine holds up least: without argon2 it would be a tenth."""
    await server.sign_up("ada")
    documents = {
        "sign in": (
            'mutation ($e: String!) { signIn(input: {email: $e, password: "another horse battery"}) { token } }'
        ),
        "reset": "mutation ($e: String!) { requestPasswordReset(input: {email: $e}) { mailed } }",
    }
    for name, document in documents.items():
        seconds: dict[str, list[float]] = {ADA: [], "nobody@example.com": []}
        for _ in range(9):
            for email, times in seconds.items():
                begin = time.perf_counter()
                await server.data(document, {"e": email})
                times.append(time.perf_counter() - begin)
        known, unknown = (min(times) for times in seconds.values())
        assert 0.4 < known / unknown < 2.5, (name, seconds)


async def test_no_link_and_no_password_is_in_the_database(server: RunningServer, mailer: FakeMailer) -> None:
    await server.sign_up("ada")
    await request(server)
    secret = mailer.token(ADA)

    for table in await fetch("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"):
        rows = await fetch(f"SELECT 1 FROM {table['name']} AS row WHERE strpos(row::text, $1) > 0", secret[-20:])
        assert rows == [], table["name"]


async def test_a_reset_ends_also_a_sign_in_that_is_under_way(server: RunningServer, database_url: str) -> None:
    """The old password is found to fit; before the session is opened, another one is set."""
    await server.sign_up("ada")
    await execute("DELETE FROM sessions")
    other = await asyncpg.connect(database_url)
    try:
        changing = other.transaction()
        await changing.start()
        await other.execute("UPDATE users SET password_hash = 'another'")
        signing_in = asyncio.create_task(sign_in(server))
        await until(lambda: fetch("SELECT 1 FROM pg_locks WHERE NOT granted"))
        await changing.commit()

        payload = await signing_in
    finally:
        await other.close()

    assert [error["code"] for error in payload["errors"]] == ["NOT_PERMITTED"]
    assert payload["token"] is None
    assert await fetch("SELECT 1 FROM sessions") == []
