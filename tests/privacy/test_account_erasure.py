"""An erasure that was asked for: the account is locked at once, given back whole, or gone, and a receipt says so."""

import asyncio
from uuid import UUID

import pytest

from app.audit.chain import seal
from app.audit.verification import verify
from app.core.config import Settings
from app.core.db import execute, fetch
from app.core.keys import derive
from app.core.signing import Signer
from app.privacy.requests import cancel as take_back
from tests.accounts.test_staff import sign_in
from tests.fakes.browsing import browsing, send_form
from tests.fakes.mail import FakeMailer
from tests.fakes.people import POLICY_VERSION
from tests.fakes.privacy import OFFICE
from tests.fakes.server import SIGN_UP, RunningServer
from tests.minors.household import REMAINING, WHO, household, remaining
from tests.privacy.leaving import asked_to_erase, carried_out, counts_of, receipt_of, sent
from tests.privacy.test_erasure import leading_to
from tests.schema.test_sessions import following
from tests.schema.test_websocket import closing, subscribers
from tests.schema.world import key_of
from workers.runner import Runner

ERASE = "mutation ($input: SubmitPrivacyRequestInput!) { submitPrivacyRequest(input: $input) { statusToken } }"
ELSEWHERE = [table for table in REMAINING if table not in ("users", "sessions")]


@pytest.fixture
def signer(settings: Settings) -> Signer:
    """What receipts are signed with."""
    return Signer(derive(settings.security.key, "signatures"))


async def test_an_account_is_locked_at_once_and_given_back_whole(server: RunningServer, mailer: FakeMailer) -> None:
    home = await household(server)
    items = {item["prompt"]: item for item in await home.shown()}
    links = await home.images(home.child, home.made)
    before = await remaining()
    server.queue.work_with(None)
    async with asyncio.timeout(20), following(server, home.child) as socket:
        await subscribers(server, 1)
        request = await asked_to_erase(server, home.child)
        async with asyncio.timeout(5):
            assert (await closing(socket))[0] == 4403
            for token in (home.child, home.api_key, home.app):
                assert (await server.post(WHO, token=token)).status_code == 401
            assert [await home.status_of(link) for link in links] == [404] * len(links)
            assert [item["prompt"] for item in await home.shown()] == ["a child in a garden"], "others keep theirs"
            assert await home.images(home.adult, home.derived) != []
    [refused] = (await sign_in(server, "child"))["errors"]
    assert refused["__typename"] == "AccountRestricted"
    assert "link in the mail" in refused["message"]
    assert request["startsAt"] > request["verifiedAt"]
    [row] = await fetch("SELECT status, status_before_erasure FROM users WHERE email = 'child@example.com'")
    assert set(row.values()) == {"ERASING", "ACTIVE"}

    await take_back(UUID(key_of(request["id"])), OFFICE, actor=None)  # as whoever has the link of the mail

    after = await remaining()
    assert {table: after[table] for table in ELSEWHERE} == {table: before[table] for table in ELSEWHERE}
    assert after["users"] == before["users"]
    assert (await server.post(WHO, token=home.child)).status_code == 401, "its sessions have ended"
    for token in (home.api_key, home.app):
        assert (await server.post(WHO, token=token)).status_code == 200
    assert (await sign_in(server, "child"))["errors"] == []
    assert [await home.status_of(link) for link in links] == [200] * len(links)
    assert {item["prompt"]: item for item in await home.shown()} == items


async def test_who_confirmed_no_address_takes_it_back_by_the_token_of_the_answer(server: RunningServer) -> None:
    """There is no mail with a link, and no session any more."""
    ada = await server.sign_up("ada")
    await execute("UPDATE users SET confirmed_email = NULL")
    server.queue.work_with(None)
    asked = await server.data(ERASE, {"input": {"right": "ERASURE", "idempotencyKey": "once"}}, ada)
    token = {"token": asked["submitPrivacyRequest"]["statusToken"]}
    assert (await server.post(WHO, token=ada)).status_code == 401
    async with browsing(server) as browser:
        await send_form(browser, "/requests/status", {**token, "decision": "cancel"}, token)
    assert [row["status"] for row in await fetch("SELECT status FROM users")] == ["ACTIVE"]


async def test_nothing_is_left_and_the_receipt_says_what_went(
    server: RunningServer, runner: Runner, mailer: FakeMailer, signer: Signer
) -> None:
    home = await household(server)
    ids = [key_of(id) for id in (home.child_id, home.made, home.reference)]
    links = await home.images(home.child, home.made)
    server.queue.work_with(None)
    mailer.letters.clear()
    request = await asked_to_erase(server, home.child)
    assert (await home.flag())["errors"] == [], "whoever leaves may be a child all the same"

    await sent(runner)
    assert await carried_out(runner, request["id"]) == "COMPLETED"

    assert await leading_to("child@example.com", *ids) == {}
    subjects = [letter.subject for letter in mailer.to("child@example.com")]
    assert subjects[0] == "Your account is locked, and about to be deleted"
    assert subjects[-1] == "Your account is deleted"
    assert [await home.status_of(link) for link in links] == [404] * len(links)
    told = await receipt_of(request["id"], signer)
    said = {step["holder"]: step["count"] for step in told["steps"] if step["count"]}
    assert said == await counts_of(request["id"])
    assert said["generations of others"] == said["generations"] == 1, "of a child, also what others made"
    assert said["pictures"] >= 2
    assert (told["scope"], told["right"]) == ("ACCOUNT", "ERASURE")
    assert {"audit_entries", "acceptances"} <= {each["holder"] for each in told["kept"]}
    assert all(each["why"] and each["until"] for each in told["kept"])
    assert "child" not in str(told).replace("a child", "")
    [flag] = await fetch("SELECT state FROM minor_flags")
    assert flag["state"] == "PURGED"
    await seal(signer)
    assert (await verify(signer)).sealed
    again = await server.sign_up("child")
    assert (await server.data("{ viewer { generations { edges { cursor } } } }", None, again))["viewer"] == {
        "generations": {"edges": []}
    }


async def test_whoever_signs_up_with_the_address_meanwhile_is_told_and_begins_anew(
    server: RunningServer, runner: Runner, mailer: FakeMailer
) -> None:
    """The address belongs to the account that is about to be deleted for as long as that is there."""
    ada = await server.sign_up("ada")
    server.queue.work_with(None)
    request = await asked_to_erase(server, ada, waiveGrace=True)
    mailer.letters.clear()
    account = {"email": "ada@example.com", "password": "a wholly new secret", "displayName": "Ada", "adult": True}
    given = {**account, "policyVersion": POLICY_VERSION}
    new = (await server.data(SIGN_UP, {"input": given}))["signUp"]["token"]
    await sent(runner)
    assert [letter.subject for letter in mailer.to("ada@example.com")][-1] == "Your account is about to be deleted"

    assert await carried_out(runner, request["id"]) == "COMPLETED"

    [person] = await fetch("SELECT id, email, confirmed_email FROM users")
    assert (person["email"], person["confirmed_email"]) == ("ada@example.com", None), "it is the new one's to confirm"
    assert (await server.post(WHO, token=new)).status_code == 200
