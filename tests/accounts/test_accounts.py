"""Signing up, in and out, at the API."""

import pytest
from tortoise.exceptions import IntegrityError

from app.accounts import tokens
from app.core.db import execute, fetch
from tests.fakes.people import POLICY_VERSION
from tests.fakes.server import SIGN_UP, Json, RunningServer

SIGN_IN = """mutation ($input: SignInInput!) {
  signIn(input: $input) { token user { id email } errors { __typename code message path } } }"""
SIGN_OUT = """mutation ($input: SignOutInput!) { signOut(input: $input) { signedOut errors { message } } }"""
VIEWER = "{ viewer { id email displayName role createdAt adultAttestedAt } }"
PASSWORD = "correct horse battery"


async def sign_up(server: RunningServer, **changes: object) -> Json:
    account = {
        "email": "ada@example.com",
        "password": PASSWORD,
        "displayName": "Ada",
        "adult": True,
        "policyVersion": POLICY_VERSION,
        **changes,
    }
    payload: Json = (await server.data(SIGN_UP, {"input": account}))["signUp"]
    return payload


async def join(server: RunningServer, **changes: object) -> Json:
    """Sign up, and confirm the address as the link in the mail does."""
    payload = await sign_up(server, **changes)
    await execute("UPDATE users SET confirmed_email = email WHERE confirmed_email IS NULL")
    return payload


async def sign_in(server: RunningServer, email: str = "ada@example.com", password: str = PASSWORD) -> Json:
    payload: Json = (await server.data(SIGN_IN, {"input": {"email": email, "password": password}}))["signIn"]
    return payload


async def viewer(server: RunningServer, token: str) -> Json | None:
    answer: Json | None = (await server.data(VIEWER, token=token))["viewer"]
    return answer


@pytest.mark.parametrize(
    ("changes", "kind", "code", "path"),
    [
        ({"email": "ada"}, "InvalidInput", "INVALID_INPUT", "email"),
        ({"email": ""}, "InvalidInput", "INVALID_INPUT", "email"),
        ({"email": "ada@localhost"}, "InvalidInput", "INVALID_INPUT", "email"),
        ({"email": "ada\x00@example.com"}, "InvalidInput", "INVALID_INPUT", "email"),
        ({"email": "a" * 250 + "@example.com"}, "InvalidInput", "INVALID_INPUT", "email"),
        (
            {"email": "ß" * 30 + "@" + ".".join(["x" * 60] * 3) + ".example.com"},
            "InvalidInput",
            "INVALID_INPUT",
            "email",
        ),
        ({"password": "short"}, "InvalidInput", "INVALID_INPUT", "password"),
        ({"password": "x" * 257}, "InvalidInput", "INVALID_INPUT", "password"),
        ({"password": "password123"}, "InvalidInput", "INVALID_INPUT", "password"),
        ({"password": "qwertyuiop12"}, "InvalidInput", "INVALID_INPUT", "password"),
        ({"password": "aaaaaaaaaaaa"}, "InvalidInput", "INVALID_INPUT", "password"),
        ({"password": "ada@example.com"}, "InvalidInput", "INVALID_INPUT", "password"),
        ({"password": "ADA@example.COM"}, "InvalidInput", "INVALID_INPUT", "password"),
        ({"adult": False}, "NotPermitted", "NOT_PERMITTED", "adult"),
        ({"policyVersion": "2020-01-01"}, "Conflict", "CONFLICT", "policyVersion"),
        ({"displayName": ""}, "InvalidInput", "INVALID_INPUT", "displayName"),
        ({"displayName": "   "}, "InvalidInput", "INVALID_INPUT", "displayName"),
        ({"displayName": "x" * 61}, "InvalidInput", "INVALID_INPUT", "displayName"),
        ({"displayName": "A\x00da"}, "InvalidInput", "INVALID_INPUT", "displayName"),
        ({"displayName": "\u202eadA"}, "InvalidInput", "INVALID_INPUT", "displayName"),
        ({"displayName": "\u200d"}, "InvalidInput", "INVALID_INPUT", "displayName"),
    ],
)
async def test_what_is_wrong_with_an_account_is_named_and_nothing_is_made(
    server: RunningServer, changes: Json, kind: str, code: str, path: str
) -> None:
    payload = await sign_up(server, **changes)

    [error] = payload["errors"]
    assert (error["__typename"], error["code"], error["path"]) == (kind, code, [path])
    assert error["message"].endswith(".")
    assert (payload["token"], payload["user"]) == (None, None)
    assert await fetch("SELECT id FROM users") == []
    assert await fetch("SELECT id FROM sessions") == []


async def test_a_viewer_is_what_was_signed_up(server: RunningServer) -> None:
    payload = await join(server, email="Ada@Example.com", displayName="  Ada \n  Lovelace ")
    found = await viewer(server, payload["token"])

    assert found is not None
    assert found["id"] == payload["user"]["id"]
    assert (found["email"], found["displayName"], found["role"]) == ("ada@example.com", "Ada Lovelace", "USER")
    assert found["createdAt"] == found["adultAttestedAt"]
    assert (await server.data(VIEWER))["viewer"] is None


async def test_neither_a_token_nor_a_password_is_in_the_database(server: RunningServer) -> None:
    made = [(await join(server))["token"], (await sign_in(server))["token"]]

    assert len(set(made)) == 2
    assert all(token.startswith(tokens.PREFIX) for token in made)
    for table in [
        row["name"] for row in await fetch("SELECT tablename AS name FROM pg_tables WHERE schemaname='public'")
    ]:
        for secret in (*made, *(token.removeprefix(tokens.PREFIX) for token in made), PASSWORD):
            assert await fetch(f"SELECT 1 FROM {table} AS row WHERE row::text LIKE $1", f"%{secret}%") == []
    stored = {row["token_hash"] for row in await fetch("SELECT token_hash FROM sessions")}
    assert stored == {tokens.hash_token(token) for token in made}
    [user] = await fetch("SELECT password_hash FROM users")
    assert user["password_hash"].startswith("$argon2id$v=19$")


@pytest.mark.parametrize("email", ["ada@example.com", "ADA@EXAMPLE.COM", " Ada@Example.Com\n"])
async def test_an_address_signs_in_whatever_its_case(server: RunningServer, email: str) -> None:
    made = await join(server)
    payload = await sign_in(server, email)
    assert payload["user"] == {"id": made["user"]["id"], "email": "ada@example.com"}
    assert await viewer(server, payload["token"]) is not None


@pytest.mark.parametrize(
    ("signed_up", "signed_in"),
    [
        ("Ädä@example.com", "äDÄ@example.com"),
        ("ren\u00e9@example.com", "rene\u0301@example.com"),
        ("ada@b\u00fccher.example.com", "ada@xn--bcher-kva.example.com"),
        ("用户@例子.广告", "用户@例子.广告"),
    ],
)
async def test_one_address_has_one_account_however_it_is_written(
    server: RunningServer, signed_up: str, signed_in: str
) -> None:
    made = await join(server, email=signed_up)
    assert made["errors"] == []
    assert (await sign_in(server, signed_in))["user"]["id"] == made["user"]["id"]
    with pytest.raises(IntegrityError):
        await join(server, email=signed_in)


@pytest.mark.parametrize(
    "name", ["Zoë", "李小龙", "नरेन्द्र", "علی\u200cرض\u0627", "ශ්\u200dරී", "O'Neill-Łukasz", "👩\u200d🎨", "x" * 60]
)
async def test_people_are_called_what_they_are_called(server: RunningServer, name: str) -> None:
    payload = await join(server, displayName=name)
    assert payload["errors"] == []
    found = await viewer(server, payload["token"])
    assert found is not None
    assert found["displayName"] == name


async def test_a_wrong_password_and_an_unknown_address_are_not_told_apart(server: RunningServer) -> None:
    await join(server)
    payloads = [
        await sign_in(server, password="wrong horse battery"),
        await sign_in(server, email="eve@example.com"),
        await sign_in(server, email="no address"),
        await sign_in(server, email="ada\x00@example.com"),
        await sign_in(server, email="a" * 10_000 + "@example.com"),
        await sign_in(server, password="x" * 10_000),
        await sign_in(server, password=""),
    ]
    assert all(payload == payloads[0] for payload in payloads)
    [error] = payloads[0]["errors"]
    assert (error["__typename"], error["code"], error["path"]) == ("NotPermitted", "NOT_PERMITTED", None)
    assert len(await fetch("SELECT id FROM sessions")) == 1


async def test_signing_out_ends_one_session(server: RunningServer) -> None:
    first, second = (await join(server))["token"], (await sign_in(server))["token"]
    answer = await server.data(SIGN_OUT, {"input": {}}, first)

    assert answer["signOut"] == {"signedOut": True, "errors": []}
    assert (await server.post(VIEWER, token=first)).status_code == 401
    assert await viewer(server, second) is not None


async def test_signing_out_everywhere_ends_all_sessions_of_this_person_only(server: RunningServer) -> None:
    first, second = (await join(server))["token"], (await sign_in(server))["token"]
    other = (await join(server, email="eve@example.com"))["token"]
    await server.data(SIGN_OUT, {"input": {"everywhere": True}}, first)

    for token in (first, second):
        assert (await server.post(VIEWER, token=token)).status_code == 401
    assert await viewer(server, other) is not None


async def test_nobody_can_sign_out(server: RunningServer) -> None:
    await join(server)
    answer = await server.execute(SIGN_OUT, {"input": {"everywhere": True}})
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert len(await fetch("SELECT id FROM sessions")) == 1


async def test_an_expired_session_is_refused_with_401(server: RunningServer) -> None:
    token = (await join(server))["token"]
    await execute("UPDATE sessions SET expires_at = now() - interval '1 second'")
    answer = await server.post(VIEWER, token=token)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


@pytest.mark.parametrize("token", ["anyp_s_", "anyp_s_unknown", "other", "anyp_s_" + "x" * 10_000])
async def test_a_token_that_is_none_of_ours_is_refused_with_401(server: RunningServer, token: str) -> None:
    await join(server)
    assert (await server.post(VIEWER, token=token)).status_code == 401


async def test_a_session_lasts_as_long_as_configured(server: RunningServer) -> None:
    await join(server)
    [row] = await fetch("SELECT expires_at - created_at AS lifetime FROM sessions")
    assert row["lifetime"].days == 30
