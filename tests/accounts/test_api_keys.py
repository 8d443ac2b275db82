"""API keys: who makes them, what they open, and when they stop."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import structlog

from app.core.db import execute, fetch
from schema.transport.sessions import SESSION_ENDED
from tests.accounts.test_recovery import request, reset
from tests.fakes.mail import FakeMailer
from tests.fakes.server import CREATE, FOLLOW, Json, RunningServer, authorization, endpoint_of, receive, send
from tests.schema.test_events import arriving, opened
from tests.schema.test_websocket import acknowledged, closing, raw, subscribe, subscribers

APP = "https://app.example"
ADA = "ada@example.com"
CREATE_KEY = """mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
  secret apiKey { id name hint scopes allowedOrigins createdAt expiresAt lastUsedAt }
  errors { __typename code path message } } }"""
REVOKE = """mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { revokedId errors { code path } } }"""
KEYS = "{ viewer { apiKeys { id name hint scopes allowedOrigins lastUsedAt } } }"
VIEWER = "{ viewer { displayName } }"
EVERYTHING = ["PROFILE", "PROFILE_EMAIL", "GENERATIONS_READ", "GENERATIONS_WRITE"]


@pytest.fixture
def environment(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A service with one front end."""
    monkeypatch.setenv("ANYPEOPLE_ALLOWED_ORIGINS", APP)
    return environment


async def make(server: RunningServer, session: str, *scopes: str, **more: Any) -> Json:
    """Return the payload of `createApiKey`."""
    wanted = {"name": "Studio", "scopes": list(scopes) or EVERYTHING, **more}
    payload: Json = (await server.data(CREATE_KEY, {"input": wanted}, session))["createApiKey"]
    return payload


async def secret_of(server: RunningServer, session: str, *scopes: str, **more: Any) -> str:
    payload = await make(server, session, *scopes, **more)
    assert payload["errors"] == []
    return str(payload["secret"])


async def revoke(server: RunningServer, session: str, id: str) -> Json:
    payload: Json = (await server.data(REVOKE, {"input": {"id": id}}, session))["revokeApiKey"]
    return payload


def codes(payload: Json) -> list[tuple[str, Any]]:
    return [(error["code"], error["path"]) for error in payload["errors"]]


def refusals(answer: Json) -> list[tuple[str, str]]:
    return [(error["extensions"]["code"], error["message"]) for error in answer["errors"]]


async def from_page(server: RunningServer, token: str, page: str) -> httpx.Response:
    headers = {"authorization": f"Bearer {token}", "origin": page}
    return await server.client.post("/graphql", json={"query": VIEWER}, headers=headers)


async def test_a_key_is_shown_once_and_known_by_its_ends(server: RunningServer, mailer: FakeMailer) -> None:
    session = await server.sign_up()

    payload = await make(server, session, "GENERATIONS_READ", "PROFILE", allowedOrigins=[APP])
    await server.queue.settle()

    secret, made = payload["secret"], payload["apiKey"]
    assert secret.startswith("anyp_k_")
    assert len(secret) == len("anyp_k_") + 43  # 256 bits
    listed = {
        "id": made["id"],
        "name": "Studio",
        "hint": f"anyp_k_…{secret[-4:]}",
        "scopes": ["PROFILE", "GENERATIONS_READ"],
        "allowedOrigins": [APP],
        "lastUsedAt": None,
    }
    assert (await server.data(KEYS, None, session))["viewer"] == {"apiKeys": [listed]}
    expires = datetime.fromisoformat(made["expiresAt"]) - datetime.fromisoformat(made["createdAt"])
    assert expires == timedelta(days=366)
    assert mailer.to(ADA)[-1].subject == "A new API key for your account"
    assert "“Studio”" in mailer.to(ADA)[-1].text
    assert secret not in mailer.to(ADA)[-1].text
    log = "{ viewer { auditEntries(first: 1) { nodes { action actor note } } } }"
    [entry] = (await server.data(log, None, session))["viewer"]["auditEntries"]["nodes"]
    assert entry == {"action": "API_KEY_CREATED", "actor": "PERSON", "note": "Studio: generations:read, profile"}


async def test_no_secret_is_in_the_database_or_the_log(server: RunningServer) -> None:
    session = await server.sign_up()
    with structlog.testing.capture_logs() as lines:
        secret = await secret_of(server, session)
        await server.data(VIEWER, None, secret)
        await server.queue.settle()

    assert secret not in str(lines)
    for table in await fetch("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"):
        rows = await fetch(f"SELECT 1 FROM {table['name']} AS row WHERE strpos(row::text, $1) > 0", secret[-20:])
        assert rows == [], table["name"]


async def test_making_one_needs_a_fresh_proof(server: RunningServer) -> None:
    session = await server.sign_up()
    await execute("UPDATE sessions SET authenticated_at = now() - interval '11 minutes'")

    assert codes(await make(server, session)) == [("STEP_UP_REQUIRED", None)]
    assert await fetch("SELECT 1 FROM api_keys") == []


async def test_an_unconfirmed_address_gets_no_mail(server: RunningServer, mailer: FakeMailer) -> None:
    session = await server.sign_up()
    await execute("UPDATE users SET confirmed_email = NULL")

    assert (await make(server, session))["errors"] == []
    await server.queue.settle()

    assert [letter.subject for letter in mailer.to(ADA)] == ["Confirm your address"]


BAD = {
    "no scope": ({"scopes": []}, "scopes"),
    "no name": ({"name": " "}, "name"),
    "a long name": ({"name": "n" * 61}, "name"),
    "the past": ({"expiresAt": "2020-01-01T00:00:00Z"}, "expiresAt"),
    "years": ({"expiresAt": "2999-01-01T00:00:00Z"}, "expiresAt"),
    "no offset": ({"expiresAt": "2020-01-01T00:00:00"}, "expiresAt"),
    "any origin": ({"allowedOrigins": ["*"]}, "allowedOrigins"),
    "a path": ({"allowedOrigins": [APP + "/"]}, "allowedOrigins"),
    "two origins in one": ({"allowedOrigins": [f"{APP} https://eve.example"]}, "allowedOrigins"),
    "a line break": ({"allowedOrigins": [APP + "\n"]}, "allowedOrigins"),
    "in the open": ({"allowedOrigins": ["http://app.example"]}, "allowedOrigins"),
    "no origin": ({"allowedOrigins": ["null"]}, "allowedOrigins"),
    "many origins": ({"allowedOrigins": [f"https://{n}.example" for n in range(11)]}, "allowedOrigins"),
}


@pytest.mark.parametrize(("more", "field"), BAD.values(), ids=BAD)
async def test_what_makes_no_sense_is_refused(server: RunningServer, more: Json, field: str) -> None:
    session = await server.sign_up()

    assert codes(await make(server, session, **more)) == [("INVALID_INPUT", [field])]
    assert await fetch("SELECT 1 FROM api_keys") == []


async def test_twenty_keys_are_the_most_even_at_once(server: RunningServer) -> None:
    session = await server.sign_up()
    await execute(
        """INSERT INTO api_keys (id, user_id, name, token_hash, last_four, scopes, origins, created_at, expires_at)
           SELECT gen_random_uuid(), (SELECT id FROM users), 'old', n::text, '', 'profile', '', now(), now()
           FROM generate_series(1, 18) AS n"""
    )

    answers = await asyncio.gather(*(make(server, session, name=f"Key {n}") for n in range(4)))

    assert sorted(len(answer["errors"]) for answer in answers) == [0, 0, 1, 1]
    assert [codes(answer) for answer in answers if answer["errors"]] == [[("CONFLICT", None)]] * 2
    keys = (await server.data(KEYS, None, session))["viewer"]["apiKeys"]
    assert len(keys) == 20
    await revoke(server, session, keys[0]["id"])
    assert (await make(server, session))["errors"] == []


async def test_a_repeated_call_makes_no_second_key_and_shows_no_secret(server: RunningServer) -> None:
    session = await server.sign_up()

    first = await make(server, session, idempotencyKey="once")
    again = await make(server, session, idempotencyKey="once")
    other = await make(server, session, "PROFILE", idempotencyKey="once")

    assert (again["apiKey"]["id"], again["secret"], again["errors"]) == (first["apiKey"]["id"], None, [])
    assert codes(other) == [("IDEMPOTENCY_MISMATCH", ["idempotencyKey"])]
    assert len(await fetch("SELECT 1 FROM api_keys")) == 1
    await revoke(server, session, first["apiKey"]["id"])
    anew = await make(server, session, idempotencyKey="once")
    assert anew["secret"] not in (None, first["secret"])


NAME, MAIL = "{ viewer { displayName } }", "{ viewer { email } }"
PICTURES = "{ viewer { generations { nodes { id } } } }"
WISH = {"input": {"generation": {"prompt": "a person", "width": 64, "height": 64}, "idempotencyKey": "k"}}
OPENED = {
    "PROFILE": {NAME},
    "PROFILE_EMAIL": {NAME, MAIL},
    "GENERATIONS_READ": {NAME, PICTURES},
    "GENERATIONS_WRITE": {NAME, CREATE},
}
MISSING = {MAIL: "`profile:email`", PICTURES: "`generations:read`", CREATE: "`generations:write`"}


@pytest.mark.parametrize("scope", EVERYTHING)
async def test_each_scope_opens_what_it_says_and_nothing_else(server: RunningServer, scope: str) -> None:
    session = await server.sign_up()
    secret = await secret_of(server, session, scope)

    for document in (NAME, MAIL, PICTURES, CREATE):
        answer = await server.execute(document, WISH if document == CREATE else None, secret)
        if document in OPENED[scope]:
            assert "errors" not in answer, document
        else:
            assert refusals(answer) == [("FORBIDDEN", f"The app lacks the scope {MISSING[document]}.")]
    made = await fetch("SELECT 1 FROM generations")
    assert bool(made) == (scope == "GENERATIONS_WRITE")


async def test_no_key_makes_keys_or_touches_the_account_even_of_staff(server: RunningServer) -> None:
    session = await server.sign_up()
    await execute("UPDATE users SET role = 'ADMIN'")
    made = await make(server, session)
    secret, before = made["secret"], await fetch("SELECT * FROM api_keys ORDER BY id")
    entries = await fetch("SELECT id FROM audit_entries ORDER BY id")
    documents: list[tuple[str, Json | None]] = [
        (CREATE_KEY, {"input": {"name": "more", "scopes": EVERYTHING}}),
        (REVOKE, {"input": {"id": made["apiKey"]["id"]}}),
        (KEYS, None),
        ('mutation { reauthenticate(input: {password: "correct horse battery"}) { reauthenticated } }', None),
        ('mutation { changeEmail(input: {email: "eve@example.com"}) { mailed } }', None),
        ("mutation { signOut(input: {everywhere: true}) { signedOut } }", None),
        ("{ viewer { auditEntries { nodes { id } } } }", None),
        ("{ users(purpose: ACCOUNT_MANAGEMENT) { nodes { email } } }", None),
    ]

    for document, variables in documents:
        answer = await server.execute(document, variables, secret)
        assert refusals(answer) == [("FORBIDDEN", "No app may do this: it needs the person's own session.")], document

    after = await fetch("SELECT * FROM api_keys ORDER BY id")
    assert [{**row, "last_used_at": None} for row in after] == [dict(row) for row in before]
    assert await fetch("SELECT id FROM audit_entries ORDER BY id") == entries
    assert await server.data(VIEWER, None, session) == {"viewer": {"displayName": "Ada"}}


async def test_a_reader_follows_and_a_writer_does_not(server: RunningServer) -> None:
    session = await server.sign_up()
    id = (await server.create(session))["generation"]["id"]
    await server.queue.settle()
    reader, writer = [await secret_of(server, session, f"GENERATIONS_{verb}") for verb in ("READ", "WRITE")]

    assert [event["type"] for event in await server.follow(reader, id)] == ["SNAPSHOT"]
    async with server.socket(writer) as socket:
        await acknowledged(socket)
        await send(socket, subscribe(id))
        [error] = (await receive(socket))["payload"]
    assert error["message"] == "The app lacks the scope `generations:read`."
    async with opened(server, reader, query=FOLLOW, variables={"id": id}) as answer:
        names = [event.name async for event in arriving(answer) if event.name]
    assert names == ["next", "complete"]


ENDINGS = {
    "expired": "UPDATE api_keys SET expires_at = now() - interval '1 second'",
    "suspended": "UPDATE users SET status = 'SUSPENDED'",
    # Not an erasure, which keeps what is append only under an alias that leads to nobody.
    "deleted": "DO $$ BEGIN SET LOCAL session_replication_role = replica; TRUNCATE users CASCADE; END $$",
}


@pytest.mark.parametrize("ending", ENDINGS)
async def test_a_key_that_ended_opens_nothing_and_closes_what_is_open(server: RunningServer, ending: str) -> None:
    server.queue.work_with(None)
    session = await server.sign_up()
    secret = await secret_of(server, session)
    id = (await server.create(secret))["generation"]["id"]
    async with server.socket(secret) as socket:
        await acknowledged(socket)
        await send(socket, subscribe(id))
        await receive(socket)
        await subscribers(server, 1)

        await execute(ENDINGS[ending])

        async with asyncio.timeout(20):
            assert await closing(socket) == (4403, SESSION_ENDED)
    await subscribers(server, 0)
    refused = await server.post(VIEWER, token=secret)
    assert (refused.status_code, refusals(refused.json())) == (401, [("UNAUTHENTICATED", SESSION_ENDED)])


async def test_a_revoked_key_ends_its_streams_and_no_other(server: RunningServer) -> None:
    server.queue.work_with(None)
    session = await server.sign_up()
    made, other = await make(server, session), await secret_of(server, session)
    id = (await server.create(session))["generation"]["id"]
    async with (
        server.socket(other) as socket,
        opened(server, made["secret"], query=FOLLOW, variables={"id": id}) as answer,
    ):
        await acknowledged(socket)

        async def read() -> list[Any]:
            return [event async for event in arriving(answer)]

        reading = asyncio.create_task(read())
        await subscribers(server, 1)
        assert await revoke(server, session, made["apiKey"]["id"]) == {"revokedId": made["apiKey"]["id"], "errors": []}
        await endpoint_of(server).sessions.sweep()
        events = await reading
        await send(socket, {"type": "ping"})
        while (await receive(socket))["type"] != "pong":
            pass

    assert [event.data for event in events if event.name == "next"][-1]["errors"][0]["message"] == SESSION_ENDED
    assert (await server.post(VIEWER, token=made["secret"])).status_code == 401
    assert codes(await revoke(server, session, made["apiKey"]["id"])) == [("NOT_FOUND", ["id"])]
    assert len(await fetch("SELECT 1 FROM audit_entries WHERE action = 'API_KEY_REVOKED'")) == 1


async def test_nobody_revokes_somebody_elses(server: RunningServer) -> None:
    ada, eve = await server.sign_up("ada"), await server.sign_up("eve")
    made = await make(server, ada)

    assert codes(await revoke(server, eve, made["apiKey"]["id"])) == [("NOT_FOUND", ["id"])]
    assert (await server.post(VIEWER, token=made["secret"])).status_code == 200


async def test_pages_use_only_the_keys_that_name_them(server: RunningServer) -> None:
    session = await server.sign_up()
    for_page, for_programs = await secret_of(server, session, allowedOrigins=[APP]), await secret_of(server, session)

    assert (await from_page(server, for_page, APP)).json()["data"] == {"viewer": {"displayName": "Ada"}}
    assert (await server.post(VIEWER, token=for_page)).status_code == 200
    for secret, page in ((for_page, "https://eve.example"), (for_page, "null"), (for_programs, APP)):
        answer = await from_page(server, secret, page)
        assert answer.status_code == 403
        [(code, message)] = refusals(answer.json())
        assert (code, "allowedOrigins" in message) == ("FORBIDDEN", True)
    for secret, wanted in ((for_page, "connection_ack"), (for_programs, 4403)):
        async with raw(server, origin=APP) as socket:
            await send(socket, {"type": "connection_init", "payload": authorization(secret)})
            if isinstance(wanted, str):
                assert (await receive(socket))["type"] == wanted
            else:
                assert (await closing(socket))[0] == wanted


async def test_last_use_is_known_to_the_hour(server: RunningServer) -> None:
    session = await server.sign_up()
    secret = await secret_of(server, session)

    await server.data(VIEWER, None, secret)

    [row] = await fetch("SELECT last_used_at FROM api_keys")
    used = row["last_used_at"]
    assert (used.minute, used.second, used.microsecond) == (0, 0, 0)
    assert timedelta(0) <= datetime.now(UTC) - used < timedelta(hours=1, minutes=1)
    await execute("UPDATE api_keys SET last_used_at = now() - interval '1 day'")
    await server.data(VIEWER, None, secret)
    [row] = await fetch("SELECT last_used_at FROM api_keys")
    assert row["last_used_at"] >= used


async def test_a_forgotten_password_revokes_all_keys(server: RunningServer, mailer: FakeMailer) -> None:
    secret = await secret_of(server, await server.sign_up())
    await request(server)

    await reset(server, mailer.token(ADA))

    assert (await server.post(VIEWER, token=secret)).status_code == 401
    assert "API keys are revoked" in " ".join(mailer.to(ADA)[-1].text.split())
