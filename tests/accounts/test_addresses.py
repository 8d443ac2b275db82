"""Confirming and changing an address, at the API, with the mail that is sent."""

import asyncio

import pytest

from app.core.db import execute, fetch
from tests.accounts.test_accounts import PASSWORD, join, sign_in, sign_up
from tests.fakes.mail import FakeMailer
from tests.fakes.server import Json, RunningServer

CONFIRM = """mutation ($input: ConfirmEmailInput!) {
  confirmEmail(input: $input) { confirmed user { email emailConfirmed } errors { __typename code path } } }"""
CHANGE = """mutation ($input: ChangeEmailInput!) {
  changeEmail(input: $input) { mailed errors { __typename code path ... on StepUpRequired { methods } } } }"""
PROVE = """mutation ($input: ReauthenticateInput!) {
  reauthenticate(input: $input) { reauthenticated errors { code } } }"""
ADA = "ada@example.com"


async def confirm(server: RunningServer, token: str, viewer: str | None = None, **more: str) -> Json:
    payload: Json = (await server.data(CONFIRM, {"input": {"token": token, **more}}, viewer))["confirmEmail"]
    return payload


async def test_a_confirmed_address_signs_in_and_an_unconfirmed_one_does_not(
    server: RunningServer, mailer: FakeMailer
) -> None:
    session = (await sign_up(server))["token"]
    await server.queue.settle()
    assert (await sign_in(server))["errors"][0]["code"] == "NOT_PERMITTED"

    payload = await confirm(server, mailer.token(ADA), session)

    assert payload == {"confirmed": True, "user": {"email": ADA, "emailConfirmed": True}, "errors": []}
    assert (await sign_in(server))["errors"] == []


async def test_a_link_alone_confirms_nothing(server: RunningServer, mailer: FakeMailer) -> None:
    """Whoever signed up with another's address must not get that other to confirm an account of theirs."""
    await sign_up(server)
    stranger = (await sign_up(server, email="eve@example.com"))["token"]
    await server.queue.settle()
    link = mailer.token(ADA)

    for attempt in (await confirm(server, link), await confirm(server, link, stranger)):
        assert (attempt["confirmed"], attempt["user"]) == (False, None)
        assert [(error["code"], error["path"]) for error in attempt["errors"]] == [("NOT_PERMITTED", ["password"])]
    wrong = await confirm(server, link, password="another horse battery")
    assert [error["path"] for error in wrong["errors"]] == [["password"]]
    assert await fetch("SELECT 1 FROM users WHERE confirmed_email IS NOT NULL") == []

    assert (await confirm(server, link, password=PASSWORD))["confirmed"]


@pytest.mark.parametrize("token", ["", "nonsense", "A" * 46, "ä", "A" * 5_000])
async def test_what_is_no_link_of_ours_is_refused(server: RunningServer, token: str) -> None:
    session = (await sign_up(server))["token"]

    [error] = (await confirm(server, token, session))["errors"]

    assert (error["code"], error["path"]) == ("NOT_FOUND", ["token"])


async def test_a_link_works_once_and_not_for_ever(server: RunningServer, mailer: FakeMailer) -> None:
    session = (await sign_up(server))["token"]
    other = (await sign_up(server, email="eve@example.com"))["token"]
    await server.queue.settle()

    assert (await confirm(server, mailer.token(ADA), session))["confirmed"]
    assert (await confirm(server, mailer.token(ADA), session))["errors"][0]["code"] == "NOT_FOUND"

    await execute("UPDATE tickets SET expires_at = now() - interval '1 second'")
    assert (await confirm(server, mailer.token("eve@example.com"), other))["errors"][0]["code"] == "NOT_FOUND"


async def test_signing_up_does_not_tell_whether_an_address_is_known(server: RunningServer, mailer: FakeMailer) -> None:
    await join(server)
    await server.queue.settle()
    mailer.letters.clear()

    known, unknown = await sign_up(server), await sign_up(server, email="new@example.com")
    await server.queue.settle()

    assert known.keys() == unknown.keys()
    assert known["errors"] == unknown["errors"] == []
    assert [letter.subject for letter in mailer.to(ADA)] == ["You have an account already"]
    assert "token=" not in mailer.to(ADA)[0].text
    assert [letter.subject for letter in mailer.to("new@example.com")] == ["Confirm your address"]


async def test_two_who_claim_one_address_race_and_one_gets_it(server: RunningServer, mailer: FakeMailer) -> None:
    first, second = (await sign_up(server))["token"], (await sign_up(server))["token"]
    await server.queue.settle()
    links = [letter.text.split("token=")[1].split()[0] for letter in mailer.to(ADA)]

    payloads = await asyncio.gather(confirm(server, links[0], first), confirm(server, links[1], second))

    assert sorted(payload["confirmed"] for payload in payloads) == [False, True]
    assert [error["code"] for payload in payloads for error in payload["errors"]] == ["CONFLICT"]
    assert len(await fetch("SELECT 1 FROM users WHERE confirmed_email = $1", ADA)) == 1


async def test_a_change_tells_both_addresses_and_counts_once_confirmed(
    server: RunningServer, mailer: FakeMailer
) -> None:
    session = (await join(server))["token"]
    await server.queue.settle()
    mailer.letters.clear()

    changed = (await server.data(CHANGE, {"input": {"email": "Lovelace@example.com"}}, session))["changeEmail"]
    await server.queue.settle()

    assert changed == {"mailed": True, "errors": []}
    assert [letter.subject for letter in mailer.to(ADA)] == ["Your address is about to change"]
    assert (await sign_in(server))["errors"] == []
    assert (await confirm(server, mailer.token("lovelace@example.com"), session))["confirmed"]
    await server.queue.settle()
    assert [letter.subject for letter in mailer.to(ADA)][1:] == ["Your address was changed"]
    assert (await sign_in(server))["errors"] != []
    assert (await sign_in(server, "lovelace@example.com"))["errors"] == []


async def test_the_own_address_is_mailed_again_until_it_is_confirmed(server: RunningServer, mailer: FakeMailer) -> None:
    session = (await sign_up(server))["token"]
    wish = {"input": {"email": " ADA@example.com"}}
    assert (await server.data(CHANGE, wish, session))["changeEmail"]["mailed"]
    await server.queue.settle()
    assert (await confirm(server, mailer.token(ADA), session))["confirmed"]
    mailer.letters.clear()

    [error] = (await server.data(CHANGE, wish, session))["changeEmail"]["errors"]
    await server.queue.settle()

    assert (error["code"], error["path"]) == ("INVALID_INPUT", ["email"])
    assert mailer.letters == []


async def test_an_address_of_somebody_else_is_never_taken_over(server: RunningServer, mailer: FakeMailer) -> None:
    await join(server)
    eve = await server.sign_up("eve")
    await server.queue.settle()
    mailer.letters.clear()

    changed = (await server.data(CHANGE, {"input": {"email": ADA}}, eve))["changeEmail"]
    await server.queue.settle()

    assert changed == {"mailed": True, "errors": []}
    assert [letter.subject for letter in mailer.to(ADA)] == ["You have an account already"]
    assert (await fetch("SELECT count(*) AS n FROM users WHERE confirmed_email = $1", ADA))[0]["n"] == 1


async def test_a_stale_session_proves_itself_before_it_changes_the_address(server: RunningServer) -> None:
    session = await server.sign_up("ada")
    await execute("UPDATE sessions SET authenticated_at = now() - interval '11 minutes'")
    wish = {"input": {"email": "new@example.com"}}

    [error] = (await server.data(CHANGE, wish, session))["changeEmail"]["errors"]
    assert (error["__typename"], error["code"], error["methods"]) == (
        "StepUpRequired",
        "STEP_UP_REQUIRED",
        ["PASSWORD"],
    )
    wrong = await server.data(PROVE, {"input": {"password": "another horse battery"}}, session)
    assert wrong["reauthenticate"]["errors"] == [{"code": "NOT_PERMITTED"}]
    assert (await server.data(CHANGE, wish, session))["changeEmail"]["errors"] != []

    proven = await server.data(PROVE, {"input": {"password": PASSWORD}}, session)
    assert proven["reauthenticate"] == {"reauthenticated": True, "errors": []}
    assert (await server.data(CHANGE, wish, session))["changeEmail"] == {"mailed": True, "errors": []}
