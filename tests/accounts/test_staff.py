"""Roles and suspension: who may change whom, and what follows."""

import pytest

from app.accounts.errors import PersonNotFound
from app.accounts.staff import promote, whose_address
from app.consents.restrictions import restrict
from app.core.clock import SystemClock
from app.core.db import fetch
from app.core.errors import InvalidInput
from app.core.viewer import Role
from tests.accounts.test_accounts import SIGN_IN
from tests.fakes.server import Json, RunningServer, endpoint_of, receive, send
from tests.schema.test_websocket import acknowledged, closing

SUSPEND = """mutation ($input: SuspendUserInput!) {
  suspendUser(input: $input) { user { status } errors { __typename code path } } }"""
SET_ROLE = """mutation ($input: SetUserRoleInput!) {
  setUserRole(input: $input) { user { role } errors { __typename code path } } }"""
SIGN_IN_AGAIN = SIGN_IN.replace("path }", "path ... on AccountRestricted { reason } }")


async def person_id(server: RunningServer, token: str) -> str:
    return str((await server.data("{ viewer { id } }", None, token))["viewer"]["id"])


async def sign_in(server: RunningServer, name: str, password: str = "correct horse battery") -> Json:
    variables = {"input": {"email": f"{name}@example.com", "password": password}}
    payload: Json = (await server.data(SIGN_IN_AGAIN, variables))["signIn"]
    return payload


async def test_suspension_ends_sessions_at_once_and_tells_only_the_owner(server: RunningServer) -> None:
    ada, moderator = await server.sign_up("ada"), await server.sign_up("moderator")
    await promote("moderator@example.com", Role.MODERATOR)
    target = {"id": await person_id(server, ada), "reason": "Pictures of a neighbour"}

    suspended = await server.data(SUSPEND, {"input": target}, moderator)

    assert suspended["suspendUser"] == {"user": {"status": "SUSPENDED"}, "errors": []}
    assert (await server.post("{ viewer { id } }", token=ada)).status_code == 401
    [told] = (await sign_in(server, "ada"))["errors"]
    assert (told["__typename"], told["code"], told["reason"]) == (
        "AccountRestricted",
        "ACCOUNT_RESTRICTED",
        "Pictures of a neighbour",
    )
    [untold] = (await sign_in(server, "ada", "a wrong password"))["errors"]
    assert untold["__typename"] == "NotPermitted"
    assert len(await fetch("SELECT 1 FROM sessions")) == 1

    await server.data(SUSPEND, {"input": {**target, "suspended": False}}, moderator)
    assert (await sign_in(server, "ada"))["errors"] == []


async def test_a_restriction_is_not_lifted_by_the_way(server: RunningServer) -> None:
    ada, moderator = await server.sign_up("ada"), await server.sign_up("moderator")
    await promote("moderator@example.com", Role.MODERATOR)
    target = {"id": await person_id(server, ada), "reason": "Pictures of a neighbour"}
    await restrict(await whose_address("ada@example.com"), "As asked", actor=None, clock=SystemClock())

    for suspended, status in ((False, "RESTRICTED"), (True, "SUSPENDED"), (False, "RESTRICTED")):
        said = {"input": {**target, "suspended": suspended}}
        assert (await server.data(SUSPEND, said, moderator))["suspendUser"]["errors"] == []
        [row] = await fetch("SELECT status FROM users WHERE email = 'ada@example.com'")
        assert row["status"] == status


async def test_nobody_changes_themselves(server: RunningServer) -> None:
    admin = await server.sign_up("admin")
    await promote("admin@example.com", Role.ADMIN)
    own = await person_id(server, admin)

    role = await server.data(SET_ROLE, {"input": {"id": own, "role": "USER"}}, admin)
    status = await server.data(SUSPEND, {"input": {"id": own, "reason": "tired"}}, admin)

    assert [error["code"] for error in role["setUserRole"]["errors"]] == ["NOT_PERMITTED"]
    assert [error["code"] for error in status["suspendUser"]["errors"]] == ["NOT_PERMITTED"]
    assert await fetch("SELECT role, status FROM users") == [{"role": "ADMIN", "status": "ACTIVE"}]


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"id": "nonsense"}, "NOT_FOUND", ["id"]),
        ({"id": "VXNlcjowMWEyMGIwMy1jYjUyLTc0NWQtYTFmZC03ZWU3YzRmYmYwMzI"}, "NOT_FOUND", ["id"]),
        ({"reason": "  "}, "INVALID_INPUT", ["reason"]),
        ({"reason": "x" * 501}, "INVALID_INPUT", ["reason"]),
        ({"reason": "a\x00b"}, "INVALID_INPUT", ["reason"]),
    ],
)
async def test_what_is_wrong_with_a_suspension_is_named(
    server: RunningServer, changes: Json, code: str, path: list[str]
) -> None:
    ada, moderator = await server.sign_up("ada"), await server.sign_up("moderator")
    await promote("moderator@example.com", Role.MODERATOR)
    target = {"id": await person_id(server, ada), "reason": "because", **changes}

    [error] = (await server.data(SUSPEND, {"input": target}, moderator))["suspendUser"]["errors"]

    assert (error["code"], error["path"]) == (code, path)
    assert {row["status"] for row in await fetch("SELECT status FROM users")} == {"ACTIVE"}


async def test_a_new_role_counts_from_the_next_request(server: RunningServer) -> None:
    ada, admin = await server.sign_up("ada"), await server.sign_up("admin")
    await promote("admin@example.com", Role.ADMIN)
    people = '{ users(purpose: ACCOUNT_MANAGEMENT, search: "ada@example.com") { nodes { role } } }'
    assert (await server.execute(people, None, ada))["errors"][0]["extensions"]["code"] == "FORBIDDEN"

    await server.data(SET_ROLE, {"input": {"id": await person_id(server, ada), "role": "SUPPORT"}}, admin)

    assert (await server.data(people, None, ada))["users"]["nodes"] == [{"role": "SUPPORT"}]


async def test_a_role_that_is_taken_away_ends_on_open_sockets_too(server: RunningServer) -> None:
    """A socket began for an administrator, who is none any more: what they may do is not what they could."""
    ada, admin = await server.sign_up("ada"), await server.sign_up("admin")
    await promote("admin@example.com", Role.ADMIN)
    async with server.socket(admin) as demoted, server.socket(ada) as other:
        await acknowledged(demoted)
        await acknowledged(other)
        await promote("admin@example.com", Role.USER)
        await endpoint_of(server).sessions.sweep()

        assert (await closing(demoted))[0] == 4403
        await send(other, {"type": "ping"})
        assert (await receive(other))["type"] == "pong"
    assert (await server.data("{ viewer { role } }", None, admin))["viewer"] == {"role": "USER"}


@pytest.mark.parametrize(("role", "code"), [("ADMIN", "NOT_PERMITTED"), ("SUPPORT", "NOT_PERMITTED"), ("USER", None)])
async def test_only_administrators_suspend_staff(server: RunningServer, role: str, code: str | None) -> None:
    """Else one moderator shuts all others out, administrators included."""
    ada, moderator, admin = [await server.sign_up(name) for name in ("ada", "moderator", "admin")]
    await promote("ada@example.com", Role(role))
    await promote("moderator@example.com", Role.MODERATOR)
    await promote("admin@example.com", Role.ADMIN)
    target = {"id": await person_id(server, ada), "reason": "because"}

    for suspended in (True, False):
        errors = (await server.data(SUSPEND, {"input": {**target, "suspended": suspended}}, moderator))["suspendUser"]
        assert [error["code"] for error in errors["errors"]] == ([code] if code else [])
    assert (await server.data(SUSPEND, {"input": target}, admin))["suspendUser"]["user"] == {"status": "SUSPENDED"}


async def test_people_are_found_by_address_or_the_beginning_of_their_name(server: RunningServer) -> None:
    clerk = await server.sign_up("clerk")
    await server.sign_up("ada")
    await promote("clerk@example.com", Role.SUPPORT)

    async def found(search: str) -> list[str]:
        query = "query ($s: String) { users(purpose: ACCOUNT_MANAGEMENT, search: $s) { nodes { displayName } } }"
        return [person["displayName"] for person in (await server.data(query, {"s": search}, clerk))["users"]["nodes"]]

    assert await found("ADA@example.com") == ["Ada"]
    assert await found("ad") == ["Ada"]
    assert await found("%") == []
    assert await found("example.com") == []
    assert await found("a\x00da") == ["Ada"]
    assert await found("") == ["Ada", "Clerk"]


async def test_the_operator_promotes_people_who_exist(server: RunningServer) -> None:
    await server.sign_up("ada")

    assert (await promote(" ADA@example.com", Role.ADMIN)).role is Role.ADMIN
    with pytest.raises(PersonNotFound):
        await promote("eve@example.com", Role.ADMIN)
    with pytest.raises(InvalidInput):
        await promote("no address", Role.ADMIN)
