"""New recovery codes for who has used theirs up, or left them lying about."""

from app.core.db import execute, fetch
from tests.accounts.test_second_factors import complete, protected, sign_in
from tests.fakes.mail import FakeMailer
from tests.fakes.server import Json, RunningServer

RENEW = """mutation ($key: String) { renewRecoveryCodes(input: {idempotencyKey: $key}) {
  renewed recoveryCodes errors { __typename code path } } }"""


async def renew(server: RunningServer, token: str, key: str | None = None) -> Json:
    payload: Json = (await server.data(RENEW, {"key": key}, token))["renewRecoveryCodes"]
    return payload


async def test_new_codes_take_the_place_of_the_old_ones(server: RunningServer, mailer: FakeMailer) -> None:
    token, _, before = await protected(server)

    answer = await renew(server, token)

    assert (answer["renewed"], answer["errors"]) == (True, [])
    assert len(set(answer["recoveryCodes"]) - set(before)) == 10
    challenge = (await sign_in(server))["challenge"]
    assert (await complete(server, challenge, before[0]))["token"] is None
    assert (await complete(server, challenge, answer["recoveryCodes"][0]))["token"]
    assert len(await fetch("SELECT 1 FROM audit_entries WHERE action = 'RECOVERY_CODES_RENEWED'")) == 1
    await server.queue.settle()
    assert "You have new recovery codes" in [letter.subject for letter in mailer.to("ada@example.com")]


async def test_the_same_key_again_makes_and_shows_none(server: RunningServer) -> None:
    token, _, _ = await protected(server)
    first = await renew(server, token, "a key")

    again = await renew(server, token, "a key")

    assert again == {"renewed": True, "recoveryCodes": [], "errors": []}
    challenge = (await sign_in(server))["challenge"]
    assert (await complete(server, challenge, first["recoveryCodes"][0]))["token"]
    assert len((await renew(server, token, "another"))["recoveryCodes"]) == 10


async def test_codes_ask_for_a_fresh_proof_and_for_a_second_factor(server: RunningServer) -> None:
    token, _, codes = await protected(server)
    eve = await server.sign_up("eve")
    assert [error["code"] for error in (await renew(server, eve))["errors"]] == ["NOT_FOUND"]
    await execute("UPDATE sessions SET authenticated_at = now() - interval '11 minutes'")

    refused = await renew(server, token)

    assert [error["__typename"] for error in refused["errors"]] == ["StepUpRequired"]
    assert refused["recoveryCodes"] == []
    assert (await complete(server, (await sign_in(server))["challenge"], codes[0]))["token"]
