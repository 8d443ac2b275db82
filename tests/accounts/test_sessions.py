"""Where somebody is signed in: the list, its limits, and how it ends."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from app.accounts.sessions import MAX_SESSIONS
from app.core.db import execute, fetch
from schema.relay import global_id
from tests.accounts.test_accounts import SIGN_IN, viewer
from tests.fakes.server import Json, RunningServer
from tests.fakes.statements import counted

SESSIONS = "{ viewer { sessions { id device network createdAt lastUsedAt expiresAt isCurrent } } }"
REVOKE = """mutation ($id: ID!) {
  revokeSession(input: {id: $id}) { revokedId errors { __typename code message path } } }"""
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


async def sessions_of(server: RunningServer, token: str) -> list[Json]:
    found: list[Json] = (await server.data(SESSIONS, None, token))["viewer"]["sessions"]
    return found


async def revoke(server: RunningServer, token: str, id: str) -> Json:
    payload: Json = (await server.data(REVOKE, {"id": id}, token))["revokeSession"]
    return payload


async def sign_in(server: RunningServer, **headers: str) -> str:
    credentials = {"email": "ada@example.com", "password": "correct horse battery"}
    answer = await server.client.post(
        "/graphql", json={"query": SIGN_IN, "variables": {"input": credentials}}, headers=headers
    )
    return str(answer.json()["data"]["signIn"]["token"])


async def actions(server: RunningServer, token: str) -> list[str]:
    answer = await server.data("{ viewer { auditEntries { nodes { action } } } }", None, token)
    return [entry["action"] for entry in answer["viewer"]["auditEntries"]["nodes"]]


async def test_a_person_sees_where_they_are_signed_in_and_nobody_elses(server: RunningServer) -> None:
    first = await server.sign_up("ada")
    await server.sign_up("eve")
    second = await sign_in(server, **{"user-agent": FIREFOX})

    newest, oldest = await sessions_of(server, second)

    assert (newest["device"], newest["network"]) == ("Firefox on Linux", "127.0.0.0/24")
    assert (newest["isCurrent"], oldest["isCurrent"]) == (True, False)
    assert [each["isCurrent"] for each in await sessions_of(server, first)] == [False, True]
    opened, ends = (datetime.fromisoformat(newest[name]) for name in ("createdAt", "expiresAt"))
    assert ends - opened == timedelta(days=30)


async def test_revoking_ends_that_session_and_is_on_record(server: RunningServer) -> None:
    token = await server.sign_up("ada")
    other = await sign_in(server)
    id = next(each["id"] for each in await sessions_of(server, token) if not each["isCurrent"])

    assert await revoke(server, token, id) == {"revokedId": id, "errors": []}

    assert (await server.post("{ viewer { id } }", token=other)).status_code == 401
    assert [each["isCurrent"] for each in await sessions_of(server, token)] == [True]
    assert (await actions(server, token))[0] == "SESSION_REVOKED"
    [error] = (await revoke(server, token, id))["errors"]
    assert (error["__typename"], error["path"]) == ("NotFound", ["id"])


@pytest.mark.parametrize("kind", ["Session", "User"])
async def test_another_persons_session_cannot_be_told_from_none(server: RunningServer, kind: str) -> None:
    ada, eve = await server.sign_up("ada"), await server.sign_up("eve")
    [theirs] = await sessions_of(server, eve)
    [row] = await fetch("SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id WHERE email LIKE 'eve%'")
    assert theirs["id"] == global_id("Session", row["id"])

    payloads = [await revoke(server, ada, global_id(kind, key)) for key in (row["id"], UUID(int=7))]

    assert payloads[0] == payloads[1]
    assert [error["code"] for error in payloads[0]["errors"]] == ["NOT_FOUND"]
    assert await viewer(server, eve) is not None
    assert "SESSION_REVOKED" not in await actions(server, ada) + await actions(server, eve)


async def test_one_session_too_many_ends_the_oldest(server: RunningServer) -> None:
    oldest = await server.sign_up("ada")
    eve = await server.sign_up("eve")
    await execute(
        """INSERT INTO sessions (id, user_id, token_hash, created_at, expires_at)
           SELECT gen_random_uuid(), id, 'made up ' || n, now() + n * interval '1 ms', now() + interval '1 hour'
           FROM users, generate_series(1, $1::int) n WHERE email LIKE 'ada%'""",
        MAX_SESSIONS - 2,
    )
    fiftieth = await sign_in(server)
    assert len(await sessions_of(server, oldest)) == MAX_SESSIONS

    newest = await sign_in(server)

    assert len(await sessions_of(server, newest)) == MAX_SESSIONS
    assert (await server.post("{ viewer { id } }", token=oldest)).status_code == 401
    assert await viewer(server, fiftieth) is not None
    assert len(await sessions_of(server, eve)) == 1
    assert (await actions(server, newest))[:2] == ["SESSION_REVOKED", "SIGNED_IN"]


async def test_use_keeps_a_session_alive_and_is_written_once_an_hour(server: RunningServer) -> None:
    token = await server.sign_up("ada")
    await execute("UPDATE sessions SET last_used_at = now() - interval '61 minutes', expires_at = now() + '5 minutes'")
    [before] = await fetch("SELECT now() AS now")

    await viewer(server, token)
    with counted() as statements:
        await viewer(server, token)

    assert statements.about("UPDATE sessions") == []
    [row] = await fetch("SELECT last_used_at, expires_at FROM sessions")
    assert row["last_used_at"] >= before["now"] - timedelta(seconds=1)
    assert row["expires_at"] == row["last_used_at"] + timedelta(days=30)


async def test_no_use_keeps_a_session_longer_than_the_limit(server: RunningServer) -> None:
    token = await server.sign_up("ada")
    await execute(
        """UPDATE sessions SET created_at = now() - interval '170 days', last_used_at = now() - interval '2 hours',
           expires_at = now() + interval '1 day'"""
    )

    assert await viewer(server, token) is not None

    [row] = await fetch("SELECT created_at, expires_at FROM sessions")
    assert row["expires_at"] == row["created_at"] + timedelta(days=180)
    await execute("UPDATE sessions SET expires_at = now()")
    assert (await server.post("{ viewer { id } }", token=token)).status_code == 401
