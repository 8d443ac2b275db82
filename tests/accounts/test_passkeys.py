"""Passkeys: set up, sign in without a password, step up, remove; and what is refused."""

from dataclasses import replace

import pytest

from app.core.db import execute, fetch
from tests.accounts.test_accounts import PASSWORD, viewer
from tests.accounts.test_lost_factors import let_time_pass, reset_link, running, start
from tests.accounts.test_second_factors import (
    ADA,
    REMOVE,
    complete,
    own_factors,
    prove,
    sign_in,
)
from tests.fakes.authenticator import PRESENT, Authenticator
from tests.fakes.mail import FakeMailer
from tests.fakes.server import Json, RunningServer

ENROL = """mutation ($input: EnrolPasskeyInput!) { enrolPasskey(input: $input) {
  options confirmed recoveryCodes errors { code path } } }"""
OPTIONS = "mutation { passkeyOptions { options errors { code } } }"
SIGN_IN = """mutation ($credential: String!) { signInWithPasskey(input: {credential: $credential}) {
  token user { email } errors { code path } } }"""
REFUSED = [{"code": "NOT_PERMITTED", "path": ["credential"]}]


async def enrol(server: RunningServer, token: str, **input: str) -> Json:
    payload: Json = (await server.data(ENROL, {"input": input}, token))["enrolPasskey"]
    await server.queue.settle()
    return payload


async def options(server: RunningServer, token: str | None = None) -> str:
    return str((await server.data(OPTIONS, None, token))["passkeyOptions"]["options"])


async def passkey_sign_in(server: RunningServer, credential: str) -> Json:
    payload: Json = (await server.data(SIGN_IN, {"credential": credential}))["signInWithPasskey"]
    return payload


async def with_passkey(server: RunningServer, name: str = "ada") -> tuple[str, Authenticator, list[str]]:
    """Return the session of a person with a passkey, its device, and the recovery codes."""
    token, device = await server.sign_up(name), Authenticator()
    made = device.create((await enrol(server, token))["options"])
    confirmed = await enrol(server, token, credential=made, name="Phone")
    assert confirmed["errors"] == []
    assert confirmed["confirmed"]
    return token, device, confirmed["recoveryCodes"]


async def test_a_passkey_signs_in_without_password(server: RunningServer, mailer: FakeMailer) -> None:
    token, device, codes = await with_passkey(server)
    assert len(codes) == 10
    assert mailer.to(ADA)[-1].subject == "A passkey was added"

    done = await passkey_sign_in(server, device.get(await options(server)))

    assert done["errors"] == []
    assert done["user"] == {"email": ADA}
    assert await viewer(server, done["token"]) is not None
    [factor] = (await own_factors(server, token))["secondFactors"]
    assert factor["kind"] == "PASSKEY"
    assert factor["lastUsedAt"] is not None


async def test_with_a_passkey_the_password_alone_opens_no_session(server: RunningServer) -> None:
    _, _, codes = await with_passkey(server)
    challenged = await sign_in(server)

    assert (challenged["token"], challenged["methods"]) == (None, ["PASSKEY", "RECOVERY_CODE"])
    assert (await complete(server, challenged["challenge"], codes[0]))["token"]


async def test_a_signature_counts_once_and_not_for_long(server: RunningServer) -> None:
    _, device, _ = await with_passkey(server)
    signed = device.get(await options(server))
    assert (await passkey_sign_in(server, signed))["token"]
    assert (await passkey_sign_in(server, signed))["errors"] == REFUSED

    late = device.get(await options(server))
    await execute("UPDATE passkey_challenges SET expires_at = now()")
    assert (await passkey_sign_in(server, late))["errors"] == REFUSED


async def test_what_is_signed_elsewhere_unverified_or_by_a_copy_is_refused(server: RunningServer) -> None:
    _, device, _ = await with_passkey(server)
    assert (await passkey_sign_in(server, device.get(await options(server))))["token"]
    sessions = await fetch("SELECT id FROM sessions")
    for bad in (
        replace(device, origin="http://images.test.evil.example"),
        replace(device, rp_id="evil.example"),
        replace(device, flags=PRESENT),
        replace(device, count=0),
        replace(device, key=Authenticator().key),
        replace(device, id=b"another"),
        replace(device, handle=b"somebody else's"),
    ):
        assert (await passkey_sign_in(server, bad.get(await options(server))))["errors"] == REFUSED
    assert await fetch("SELECT id FROM sessions") == sessions
    assert (await passkey_sign_in(server, device.get(await options(server))))["token"]


@pytest.mark.parametrize("content", ["", "null", "[]", "{}", '{"id": 1}', '{"response": {}}', "x" * 20_000, "\u0000"])
async def test_what_is_no_credential_is_refused(server: RunningServer, content: str) -> None:
    token = await server.sign_up("ada")
    assert (await passkey_sign_in(server, content))["errors"] == REFUSED
    assert (await enrol(server, token, credential=content))["errors"] == REFUSED
    refused: Json = await prove(server, token, credential=content)
    assert (refused["reauthenticated"], refused["errors"][0]["path"]) == (False, ["credential"])


async def test_a_passkey_is_made_for_who_asked_on_our_origin_and_verified(server: RunningServer) -> None:
    ada, eve = await server.sign_up("ada"), await server.sign_up("eve")
    asked = (await enrol(server, ada))["options"]
    assert (await enrol(server, eve, credential=Authenticator().create(asked)))["errors"] == REFUSED
    for bad in (
        Authenticator(origin="http://evil.example"),
        Authenticator(rp_id="evil.example"),
        Authenticator(flags=1),
    ):
        made = bad.create((await enrol(server, ada))["options"])
        assert (await enrol(server, ada, credential=made))["errors"] == REFUSED
    assert await fetch("SELECT id FROM passkeys") == []


async def test_nobody_takes_a_passkey_that_is_set_up(server: RunningServer) -> None:
    _, device, _ = await with_passkey(server)
    eve = await server.sign_up("eve")
    stolen = replace(device, key=Authenticator().key).create((await enrol(server, eve))["options"])
    assert (await enrol(server, eve, credential=stolen))["errors"][0]["code"] == "CONFLICT"


async def test_a_passkey_steps_up_its_own_person_only(server: RunningServer) -> None:
    token, device, _ = await with_passkey(server)
    eve, other, _ = await with_passkey(server, "eve")
    await execute("UPDATE sessions SET authenticated_at = now() - interval '11 minutes'")
    [factor] = (await own_factors(server, token))["secondFactors"]
    stale = (await server.data(REMOVE, {"id": factor["id"]}, token))["removeSecondFactor"]
    assert stale["errors"][0]["code"] == "STEP_UP_REQUIRED"

    assert not (await prove(server, token, password=PASSWORD))["reauthenticated"]
    assert not (await prove(server, token, credential=other.get(await options(server, token))))["reauthenticated"]
    assert not (await prove(server, token, credential=device.get(await options(server))))["reauthenticated"]
    assert not (await prove(server, token, credential=device.get(await options(server, eve))))["reauthenticated"]
    assert (await prove(server, token, credential=device.get(await options(server, token))))["reauthenticated"]
    removed = (await server.data(REMOVE, {"id": factor["id"]}, token))["removeSecondFactor"]
    assert removed["errors"] == []
    assert await own_factors(server, token) == {"recoveryCodesLeft": 0, "secondFactors": []}
    assert (await passkey_sign_in(server, device.get(await options(server))))["errors"] == REFUSED
    assert (await sign_in(server))["token"]


async def test_there_are_ten_at_most_and_recovery_codes_stay_while_one_is_left(server: RunningServer) -> None:
    token, _, _ = await with_passkey(server)
    asked = (await enrol(server, token))["options"]
    second = await enrol(server, token, credential=Authenticator().create(asked), name="Laptop")
    assert (second["confirmed"], second["recoveryCodes"]) == (True, [])
    first = (await own_factors(server, token))["secondFactors"][0]
    await server.data(REMOVE, {"id": first["id"]}, token)
    found = await own_factors(server, token)
    assert (len(found["secondFactors"]), found["recoveryCodesLeft"]) == (1, 10)

    await execute(
        """INSERT INTO passkeys (id, user_id, credential_id, public_key, sign_count, name, created_at)
           SELECT gen_random_uuid(), user_id, 'x', 'x', 0, 'x', now() FROM passkeys, generate_series(1, 9)"""
    )
    assert (await enrol(server, token))["errors"] == [{"code": "CONFLICT", "path": None}]


async def test_a_suspended_person_does_not_sign_in(server: RunningServer) -> None:
    _, device, _ = await with_passkey(server)
    await execute("UPDATE users SET status = 'SUSPENDED'")
    refused = await passkey_sign_in(server, device.get(await options(server)))
    assert refused["errors"][0]["code"] == "ACCOUNT_RESTRICTED"


async def test_a_name_that_cannot_be_seen_is_refused(server: RunningServer) -> None:
    token = await server.sign_up("ada")
    made = Authenticator().create((await enrol(server, token))["options"])
    refused = await enrol(server, token, credential=made, name=" ")
    assert refused["errors"] == [{"code": "INVALID_INPUT", "path": ["name"]}]


async def test_a_lost_passkey_is_removed_after_the_waiting_time_and_one_that_is_used_is_not_lost(
    server: RunningServer, mailer: FakeMailer
) -> None:
    token, device, _ = await with_passkey(server)
    await start(server, await reset_link(server, mailer))
    assert await running(server, token) is not None
    assert (await passkey_sign_in(server, device.get(await options(server))))["token"]
    assert await running(server, token) is None

    await start(server, await reset_link(server, mailer))
    await let_time_pass(server, 72)
    assert (await passkey_sign_in(server, device.get(await options(server))))["errors"] == REFUSED
    assert (await sign_in(server))["token"]
