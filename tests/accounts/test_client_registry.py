"""Administrators register and remove apps: what is checked, what is written down, and what ends with an app."""

import asyncio
from contextvars import copy_context

import httpx
import pytest

from app.accounts import grants
from app.accounts.client_registry import remove
from app.accounts.clients import MAX_REDIRECTS, register
from app.accounts.staff import promote
from app.accounts.tokens import hash_token
from app.core.db import execute, fetch, transaction
from app.core.errors import NotFound
from app.core.viewer import Role, Scope, Viewer
from schema.transport.sessions import SESSION_ENDED
from tests.accounts.test_authorization import BACK, refreshed, refusal, tokens_for, works
from tests.fakes.browsing import browsing
from tests.fakes.server import Json, RunningServer
from tests.fakes.waiting import until
from tests.schema.test_websocket import acknowledged, closing, subscribe, subscribers

REGISTER = """mutation ($input: RegisterClientInput!) { registerClient(input: $input) {
  client { id clientId name redirects scopes createdAt } errors { __typename code path } } }"""
REMOVE = """mutation ($input: RemoveClientInput!) {
  removeClient(input: $input) { removedId errors { __typename code path } } }"""
CLIENTS = """query ($first: Int!, $after: String) { clients(first: $first, after: $after) {
  pageInfo { hasNextPage endCursor } nodes { id name } } }"""
LOG = "{ viewer { auditEntries { nodes { action actor note } } } }"
STUDIO = {"name": "Studio", "redirects": [BACK], "scopes": ["GENERATIONS_READ", "PROFILE"], "idempotencyKey": "one"}


@pytest.fixture
async def admin(server: RunningServer) -> str:
    token = await server.sign_up("admin")
    await promote("admin@example.com", Role.ADMIN)
    return token


async def registered(server: RunningServer, token: str, **changes: object) -> Json:
    payload: Json = (await server.data(REGISTER, {"input": {**STUDIO, **changes}}, token))["registerClient"]
    return payload


async def removed(server: RunningServer, token: str, id: str, key: str = "gone") -> Json:
    variables = {"input": {"id": id, "idempotencyKey": key}}
    payload: Json = (await server.data(REMOVE, variables, token))["removeClient"]
    return payload


async def log_of(server: RunningServer, token: str) -> list[tuple[str, str, str | None]]:
    entries = (await server.data(LOG, None, token))["viewer"]["auditEntries"]["nodes"]
    return [(entry["action"], entry["actor"], entry["note"]) for entry in entries]


async def test_an_app_is_registered_once_and_listed(server: RunningServer, admin: str) -> None:
    payload = await registered(server, admin)

    made = payload["client"]
    assert payload["errors"] == []
    assert (made["name"], made["redirects"], made["scopes"]) == ("Studio", [BACK], ["GENERATIONS_READ", "PROFILE"])
    assert await registered(server, admin) == payload
    [row] = await fetch("SELECT id::text, redirects, scopes FROM app_clients")
    assert row == {"id": made["clientId"], "redirects": BACK, "scopes": "generations:read profile"}
    assert (await log_of(server, admin))[0] == ("APP_REGISTERED", "PERSON", "Studio: generations:read, profile")
    [error] = (await registered(server, admin, name="Other"))["errors"]
    assert error["code"] == "IDEMPOTENCY_MISMATCH"


async def test_the_list_comes_in_pages(server: RunningServer, admin: str) -> None:
    for name in "abc":
        await register(name, [BACK], [Scope.PROFILE])

    first = (await server.data(CLIENTS, {"first": 2}, admin))["clients"]
    second = (await server.data(CLIENTS, {"first": 2, "after": first["pageInfo"]["endCursor"]}, admin))["clients"]

    assert [node["name"] for node in first["nodes"] + second["nodes"]] == ["c", "b", "a"]
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"name": " "}, ["name"]),
        ({"name": "x" * 61}, ["name"]),
        ({"scopes": []}, ["scopes"]),
        ({"redirects": []}, ["redirects"]),
        ({"redirects": [f"{BACK}/{n}" for n in range(MAX_REDIRECTS + 1)]}, ["redirects"]),
        ({"redirects": [BACK, "https://*.example/back"]}, ["redirects"]),
        ({"redirects": ["https://ada@app.example/back"]}, ["redirects"]),
        ({"redirects": ["https://app.example/back#here"]}, ["redirects"]),
        ({"redirects": ["http://app.example/back"]}, ["redirects"]),
        ({"redirects": ["studio:/back"]}, ["redirects"]),
    ],
)
async def test_what_is_wrong_with_an_app_is_named(
    server: RunningServer, admin: str, changes: Json, path: list[str]
) -> None:
    payload = await registered(server, admin, **changes)

    assert payload["client"] is None
    assert [(error["code"], error["path"]) for error in payload["errors"]] == [("INVALID_INPUT", path)]
    assert await fetch("SELECT 1 FROM app_clients") == []


async def test_a_stale_session_proves_itself_first(server: RunningServer, admin: str) -> None:
    made = (await registered(server, admin))["client"]
    await execute("UPDATE sessions SET authenticated_at = now() - interval '11 minutes'")

    answers = [await registered(server, admin, idempotencyKey="two"), await removed(server, admin, made["id"])]

    assert [error["code"] for answer in answers for error in answer["errors"]] == ["STEP_UP_REQUIRED"] * 2
    assert len(await fetch("SELECT 1 FROM app_clients")) == 1


@pytest.mark.parametrize("id", ["nonsense", "VXNlcjowMWEyMGIwMy1jYjUyLTc0NWQtYTFmZC03ZWU3YzRmYmYwMzI"])
async def test_what_is_not_registered_cannot_be_removed(server: RunningServer, admin: str, id: str) -> None:
    [error] = (await removed(server, admin, id))["errors"]

    assert (error["code"], error["path"]) == ("NOT_FOUND", ["id"])


async def test_a_removed_app_ends_with_all_that_is_open(server: RunningServer, admin: str) -> None:
    ada, eve = await server.sign_up("ada"), await server.sign_up("eve")
    other = await register("Other", [BACK], [Scope.PROFILE, Scope.GENERATIONS_READ])
    client = await register("Studio", [BACK], [Scope.PROFILE, Scope.GENERATIONS_READ])
    [listed] = (await server.data(CLIENTS, {"first": 1}, admin))["clients"]["nodes"]
    server.queue.work_with(None)
    id = (await server.create(ada))["generation"]["id"]
    async with browsing(server) as browser:
        issued = await tokens_for(server, browser, client)
        kept = await tokens_for(server, browser, other)
    async with server.socket(issued["access_token"]) as socket:
        await acknowledged(socket)
        await socket.send(httpx.Request("POST", "http://x", json=subscribe(id)).content.decode())
        await subscribers(server, 1)

        assert await removed(server, admin, listed["id"]) == {"removedId": listed["id"], "errors": []}

        async with asyncio.timeout(20):
            assert await closing(socket) == (4403, SESSION_ENDED)
    assert await removed(server, admin, listed["id"]) == {"removedId": listed["id"], "errors": []}
    assert not await works(server, issued["access_token"])
    assert refusal(await refreshed(server, client, issued["refresh_token"])) == (401, "invalid_client")
    assert await works(server, kept["access_token"])
    assert (await log_of(server, ada))[0] == ("APP_DISCONNECTED", "STAFF", "Studio")
    assert ("APP_DISCONNECTED", "STAFF", "Studio") not in await log_of(server, eve)
    assert (await log_of(server, admin))[0] == ("APP_REMOVED", "PERSON", "Studio")


async def test_nobody_lets_in_an_app_that_is_being_removed(server: RunningServer) -> None:
    token = await server.sign_up("ada")
    client = await register("Studio", [BACK], [Scope.PROFILE])
    [row] = await fetch("SELECT id, user_id FROM sessions WHERE token_hash = $1", hash_token(token))
    viewer, outside = Viewer(row["user_id"], row["id"], Role.USER), copy_context()

    async with transaction():
        await remove(client.id)
        asked = grants.Request(client, BACK, frozenset({Scope.PROFILE}), "c" * 43)
        letting_in = asyncio.create_task(grants.approve(viewer, asked), context=outside)
        await until(lambda: fetch("SELECT 1 FROM pg_locks WHERE NOT granted"))
        assert not letting_in.done()

    with pytest.raises(NotFound):
        await letting_in
    assert await fetch("SELECT 1 FROM app_grants") == []
