"""Authenticator apps and recovery codes: set up, sign in, step up, remove."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from app.accounts import totp
from app.core.db import execute, fetch
from tests.accounts.test_accounts import PASSWORD, viewer
from tests.fakes.mail import FakeMailer
from tests.fakes.server import Json, RunningServer

ADA = "ada@example.com"
NEW = "seven purple umbrellas"
ENROL = """mutation ($code: String) { enrolTotp(input: {code: $code}) {
  secret uri confirmed recoveryCodes errors { code path ... on StepUpRequired { methods } } } }"""
SIGN_IN = """mutation ($email: String!, $password: String!) { signIn(input: {email: $email, password: $password}) {
  token user { id } challenge methods errors { code } } }"""
COMPLETE = """mutation ($challenge: String!, $code: String!) {
  completeSignIn(input: {challenge: $challenge, code: $code}) { token user { email } errors { code path message } } }"""
PROVE = """mutation ($input: ReauthenticateInput!) { reauthenticate(input: $input) {
  reauthenticated errors { code path ... on StepUpRequired { methods } } } }"""
REMOVE = """mutation ($id: ID!) { removeSecondFactor(input: {id: $id}) { removedId errors { code path } } }"""
FACTORS = "{ viewer { recoveryCodesLeft secondFactors { id kind createdAt lastUsedAt } } }"


async def enrol(server: RunningServer, token: str, code: str | None = None) -> Json:
    payload: Json = (await server.data(ENROL, {"code": code}, token))["enrolTotp"]
    return payload


async def complete(server: RunningServer, challenge: str, code: str) -> Json:
    payload: Json = (await server.data(COMPLETE, {"challenge": challenge, "code": code}))["completeSignIn"]
    return payload


async def prove(server: RunningServer, token: str, **proof: str) -> Json:
    payload: Json = (await server.data(PROVE, {"input": proof}, token))["reauthenticate"]
    return payload


async def sign_in(server: RunningServer, password: str = PASSWORD) -> Json:
    payload: Json = (await server.data(SIGN_IN, {"email": ADA, "password": password}))["signIn"]
    return payload


async def own_factors(server: RunningServer, token: str) -> Json:
    found: Json = (await server.data(FACTORS, None, token))["viewer"]
    return found


class App:
    """An authenticator app: an implementation of its own, by its shown secret."""

    def __init__(self, secret: str) -> None:
        self.secret = base64.b32decode(secret)

    def code(self, steps: int = 0) -> str:
        """Return the code of now, or of some steps from now."""
        return totp.code_of(self.secret, totp.step_of(datetime.now(UTC)) + steps)

    async def next_code(self) -> str:
        """Return a code that counts although an earlier one was used in this step."""
        await execute("UPDATE totps SET last_step = 0")
        return self.code()


async def protected(server: RunningServer, name: str = "ada") -> tuple[str, App, list[str]]:
    """Return the session of a person with an app, the app, and the recovery codes."""
    token = await server.sign_up(name)
    app = App((await enrol(server, token))["secret"])
    confirmed = await enrol(server, token, app.code())
    assert confirmed["errors"] == []
    await server.queue.settle()
    return token, app, confirmed["recoveryCodes"]


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037"), (20000000000, "353130")],
)
def test_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    now = datetime.fromtimestamp(seconds, UTC)
    assert totp.code_of(b"12345678901234567890", totp.step_of(now)) == code


@pytest.mark.parametrize(("steps", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_wrong(steps: int, fits: bool) -> None:
    now, secret = datetime(2026, 11, 24, tzinfo=UTC), totp.new_secret()
    code = totp.code_of(secret, totp.step_of(now + timedelta(seconds=30 * steps)))
    assert (totp.fitting_step(secret, code, now, 0) is not None) is fits


async def test_why_an_account_is_suspended_is_told_to_its_owner_only(server: RunningServer) -> None:
    """A password alone proves nobody where a second factor is set up."""
    _, app, _ = await protected(server)
    await execute("UPDATE users SET status = 'SUSPENDED'")

    opened = await sign_in(server)
    assert (opened["errors"], opened["methods"]) == ([], ["TOTP", "RECOVERY_CODE"])
    wrong, right = [await complete(server, opened["challenge"], code) for code in ("000000", await app.next_code())]

    assert [error["code"] for error in wrong["errors"]] == ["NOT_PERMITTED"]
    assert [error["code"] for error in right["errors"]] == ["ACCOUNT_RESTRICTED"]
    assert right["token"] is None


async def test_an_app_is_set_up_in_two_calls(server: RunningServer, mailer: FakeMailer) -> None:
    token = await server.sign_up("ada")
    await server.queue.settle()
    first = await enrol(server, token)
    assert first["uri"] == f"otpauth://totp/AnyPeople%3Aada%40example.com?secret={first['secret']}&issuer=AnyPeople"
    assert not first["confirmed"]
    assert (await sign_in(server))["token"], "what is not confirmed asks for nothing"

    app = App(first["secret"])
    wrong = await enrol(server, token, app.code(10))
    assert wrong["errors"] == [{"code": "NOT_PERMITTED", "path": ["code"]}]
    done = await enrol(server, token, app.code())
    await server.queue.settle()

    assert done["confirmed"]
    assert len(set(done["recoveryCodes"])) == 10
    found = await own_factors(server, token)
    assert [factor["kind"] for factor in found["secondFactors"]] == ["TOTP"]
    assert found["recoveryCodesLeft"] == 10
    assert mailer.to(ADA)[-1].subject == "An authenticator app was set up"
    for code in (None, app.code()):
        assert (await enrol(server, token, code))["errors"][0]["code"] == "CONFLICT"


async def test_a_code_without_a_secret_is_told_to_ask_for_one(server: RunningServer) -> None:
    token = await server.sign_up("ada")
    assert (await enrol(server, token, "123456"))["errors"] == [{"code": "NOT_FOUND", "path": ["code"]}]


async def test_no_secret_and_no_recovery_code_is_in_the_database(server: RunningServer) -> None:
    _, app, codes = await protected(server)
    challenge = (await sign_in(server))["challenge"]
    hidden = [app.secret.hex(), *codes, *(code.replace("-", "") for code in codes), challenge]
    for table in await fetch("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"):
        for secret in hidden:
            rows = await fetch(f"SELECT 1 FROM {table['name']} AS row WHERE strpos(row::text, $1) > 0", secret)
            assert rows == [], table["name"]


async def test_the_password_alone_opens_no_session_and_a_code_does(server: RunningServer) -> None:
    _, app, _ = await protected(server)
    sessions = await fetch("SELECT id FROM sessions")

    challenged = await sign_in(server)
    assert (challenged["token"], challenged["user"]) == (None, None)
    assert challenged["methods"] == ["TOTP", "RECOVERY_CODE"]
    assert await fetch("SELECT id FROM sessions") == sessions
    assert (await server.post("{ viewer { id } }", token=challenged["challenge"])).status_code == 401

    done = await complete(server, challenged["challenge"], await app.next_code())
    assert done["user"] == {"email": ADA}
    assert await viewer(server, done["token"]) is not None
    again = await complete(server, challenged["challenge"], await app.next_code())
    assert [(error["code"], error["path"]) for error in again["errors"]] == [("NOT_FOUND", ["challenge"])]


async def test_a_wrong_password_tells_nothing_of_second_factors(server: RunningServer) -> None:
    await server.sign_up("ada")
    before = await sign_in(server, NEW)
    _, _, _ = await protected(server, "eve")
    await execute("UPDATE users SET confirmed_email = NULL WHERE confirmed_email = $1", ADA)
    await execute("UPDATE users SET confirmed_email = $1 WHERE email = 'eve@example.com'", ADA)

    assert await sign_in(server, NEW) == before


async def test_a_code_counts_once(server: RunningServer) -> None:
    _, app, _ = await protected(server)
    code = await app.next_code()
    assert (await complete(server, (await sign_in(server))["challenge"], code))["token"]

    replayed = await complete(server, (await sign_in(server))["challenge"], code)
    assert replayed["token"] is None
    assert replayed["errors"][0]["path"] == ["code"]


async def test_a_recovery_code_signs_in_once_and_the_person_is_told(server: RunningServer, mailer: FakeMailer) -> None:
    token, _, codes = await protected(server)
    assert (await complete(server, (await sign_in(server))["challenge"], codes[3].lower()))["token"]
    await server.queue.settle()

    assert "9 are left" in " ".join(mailer.to(ADA)[-1].text.split())
    assert (await own_factors(server, token))["recoveryCodesLeft"] == 9
    assert (await complete(server, (await sign_in(server))["challenge"], codes[3]))["token"] is None
    assert (await complete(server, (await sign_in(server))["challenge"], codes[4].replace("-", " ")))["token"]


async def test_another_persons_code_and_challenge_do_not_mix(server: RunningServer) -> None:
    await protected(server)
    _, eves, codes = await protected(server, "eve")
    challenge = (await sign_in(server))["challenge"]

    for code in (eves.code(), codes[0]):
        assert (await complete(server, challenge, code))["token"] is None


async def test_five_wrong_codes_end_a_sign_in_and_the_person_is_told(server: RunningServer, mailer: FakeMailer) -> None:
    _, app, _ = await protected(server)
    challenge = (await sign_in(server))["challenge"]
    for code in ("000000", "x", "", "\u0660" * 6, "AAAA-AAAA-AAAA-AAAA" * 1000):
        assert (await complete(server, challenge, code))["errors"][0]["code"] == "NOT_PERMITTED"
    await server.queue.settle()

    assert (await complete(server, challenge, await app.next_code()))["errors"][0]["path"] == ["challenge"]
    assert mailer.to(ADA)[-1].subject == "Somebody has your password"


async def test_an_expired_challenge_is_refused_and_swept(server: RunningServer) -> None:
    _, app, _ = await protected(server)
    challenge = (await sign_in(server))["challenge"]
    await execute("UPDATE sign_in_challenges SET expires_at = now()")
    assert (await complete(server, challenge, await app.next_code()))["errors"][0]["path"] == ["challenge"]


async def test_twenty_wrong_codes_of_a_day_stop_the_app_and_not_recovery_codes(server: RunningServer) -> None:
    token, app, codes = await protected(server)
    for _ in range(20):
        assert not (await prove(server, token, code=app.code(10)))["reauthenticated"]

    challenge = (await sign_in(server))["challenge"]
    stopped = await complete(server, challenge, await app.next_code())
    assert "recovery code" in stopped["errors"][0]["message"]
    assert (await complete(server, challenge, codes[0]))["token"]
    await execute("UPDATE totps SET failing_since = failing_since - interval '1 day'")
    assert (await prove(server, token, code=await app.next_code()))["reauthenticated"]


async def test_an_app_of_another_key_fails_and_recovery_codes_still_work(server: RunningServer) -> None:
    _, app, codes = await protected(server)
    await execute("UPDATE totps SET secret = set_byte(secret, 20, get_byte(secret, 20) # 1)")
    challenge = (await sign_in(server))["challenge"]

    assert (await complete(server, challenge, await app.next_code()))["errors"][0]["path"] == ["code"]
    assert (await complete(server, challenge, codes[0]))["token"]


async def test_a_person_with_a_second_factor_steps_up_with_it(server: RunningServer) -> None:
    token, app, codes = await protected(server)
    await execute("UPDATE sessions SET authenticated_at = now() - interval '11 minutes'")
    [factor] = (await own_factors(server, token))["secondFactors"]

    refused = (await server.data(REMOVE, {"id": factor["id"]}, token))["removeSecondFactor"]
    assert refused["errors"] == [{"code": "STEP_UP_REQUIRED", "path": None}]
    for proof in ({"password": PASSWORD}, {}):
        wanted = await prove(server, token, **proof)
        assert wanted["errors"] == [{"code": "STEP_UP_REQUIRED", "path": None, "methods": ["TOTP", "RECOVERY_CODE"]}]
    assert not (await prove(server, token, password=PASSWORD, code="000000"))["reauthenticated"]
    assert (await enrol(server, token))["errors"][0]["methods"] == ["TOTP", "RECOVERY_CODE"]

    assert (await prove(server, token, code=await app.next_code()))["reauthenticated"]
    await execute("UPDATE sessions SET authenticated_at = now() - interval '11 minutes'")
    assert (await prove(server, token, code=codes[0]))["reauthenticated"]
    removed = (await server.data(REMOVE, {"id": factor["id"]}, token))["removeSecondFactor"]
    assert removed == {"removedId": factor["id"], "errors": []}


async def test_a_person_without_one_steps_up_with_the_password(server: RunningServer) -> None:
    token = await server.sign_up("ada")
    wanted = await prove(server, token, code="123456")
    assert wanted["errors"] == [{"code": "STEP_UP_REQUIRED", "path": None, "methods": ["PASSWORD"]}]
    assert (await prove(server, token, password=PASSWORD))["reauthenticated"]


async def test_what_is_removed_asks_for_nothing_and_its_codes_are_worthless(
    server: RunningServer, mailer: FakeMailer
) -> None:
    token, _, codes = await protected(server)
    stale = (await sign_in(server))["challenge"]
    [factor] = (await own_factors(server, token))["secondFactors"]
    await server.data(REMOVE, {"id": factor["id"]}, token)
    await server.queue.settle()

    assert (await sign_in(server))["token"]
    assert await own_factors(server, token) == {"recoveryCodesLeft": 0, "secondFactors": []}
    assert (await complete(server, stale, codes[0]))["token"] is None
    assert mailer.to(ADA)[-1].subject == "Your second factor was removed"


async def test_nobody_removes_what_is_another_persons(server: RunningServer) -> None:
    token, _, _ = await protected(server)
    eve = await server.sign_up("eve")
    [factor] = (await own_factors(server, token))["secondFactors"]
    for id in (factor["id"], "none", "VXNlcjox"):
        refused = (await server.data(REMOVE, {"id": id}, eve))["removeSecondFactor"]
        assert refused["errors"] == [{"code": "NOT_FOUND", "path": ["id"]}]
    assert len((await own_factors(server, token))["secondFactors"]) == 1


async def test_a_new_password_keeps_the_second_factor_and_ends_open_sign_ins(
    server: RunningServer, mailer: FakeMailer
) -> None:
    _, app, _ = await protected(server)
    open_one = (await sign_in(server))["challenge"]
    await server.data(f'mutation {{ requestPasswordReset(input: {{email: "{ADA}"}}) {{ mailed }} }}')
    await server.queue.settle()
    link = {"token": mailer.token(ADA), "password": NEW}
    document = "mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { changed } }"
    assert (await server.data(document, {"input": link}))["resetPassword"]["changed"]

    assert (await complete(server, open_one, await app.next_code()))["errors"][0]["path"] == ["challenge"]
    challenged = await sign_in(server, NEW)
    assert challenged["token"] is None
    assert (await complete(server, challenged["challenge"], await app.next_code()))["token"]


async def test_a_suspended_person_does_not_get_in_with_an_open_sign_in(server: RunningServer) -> None:
    _, app, _ = await protected(server)
    challenge = (await sign_in(server))["challenge"]
    await execute("UPDATE users SET status = 'SUSPENDED'")
    assert (await complete(server, challenge, await app.next_code()))["errors"][0]["code"] == "ACCOUNT_RESTRICTED"


async def test_each_step_is_in_the_persons_log(server: RunningServer) -> None:
    _, app, codes = await protected(server)
    challenge = (await sign_in(server))["challenge"]
    for _ in range(5):
        await complete(server, challenge, "000000")
    await complete(server, (await sign_in(server))["challenge"], codes[0])
    token = (await complete(server, (await sign_in(server))["challenge"], await app.next_code()))["token"]
    [factor] = (await own_factors(server, token))["secondFactors"]
    await server.data(REMOVE, {"id": factor["id"]}, token)

    log = await server.data("{ viewer { auditEntries { nodes { action } } } }", None, token)
    assert [entry["action"] for entry in log["viewer"]["auditEntries"]["nodes"]] == [
        "SECOND_FACTOR_REMOVED",
        "SIGNED_IN",
        "SIGNED_IN",
        "RECOVERY_CODE_USED",
        "SECOND_FACTOR_FAILED",
        "SECOND_FACTOR_ADDED",
        "SIGNED_UP",
    ]
