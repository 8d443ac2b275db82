"""Who asks, and how they show it, over the API: without an account, with a second factor, by staff, by a letter."""

from datetime import timedelta

import pytest

from app.accounts.staff import promote
from app.core.db import execute, fetch
from app.core.keys import derive
from app.core.limits import LIMITS, Doing, Per
from app.core.one_time import OneTimeTokens
from app.core.privacy_rights import PrivacyRight
from app.core.viewer import Role
from app.privacy.asked import Asked
from app.privacy.proofs import prove
from app.privacy.requests import locked
from app.privacy.rights.base import Proof
from app.privacy.rights.opt_out_of_sale import OptOutOfSale
from app.privacy.rights.registry import RIGHTS
from tests.accounts.test_second_factors import protected
from tests.fakes.mail import FakeMailer
from tests.fakes.privacy import OFFICE
from tests.fakes.server import Json, RunningServer
from tests.privacy.asking import own, submit
from tests.support.conversing import CLASSIFY, DESK, STAFFS, mail, receive

EVE = "eve@example.org"
ASK = """mutation ($input: SubmitPrivacyRequestInput!) { submitPrivacyRequest(input: $input) {
  received request { id } errors { __typename path } } }"""
VERIFY = """mutation ($input: VerifyPrivacyRequestInput!) { verifyPrivacyRequest(input: $input) {
  verified statusToken errors { __typename code path } } }"""
FOR = """mutation ($input: SubmitPrivacyRequestForInput!) { submitPrivacyRequestFor(input: $input) {
  request { status channel regime } errors { code path } } }"""
REAUTHENTICATE = """mutation ($input: ReauthenticateInput!) { reauthenticate(input: $input) { errors { code } } }"""


async def ask(server: RunningServer, address: str = EVE, token: str | None = None, **given: object) -> Json:
    said = {"right": "OPT_OUT_OF_SALE", "address": address, "idempotencyKey": "once", **given}
    payload: Json = (await server.data(ASK, {"input": said}, token))["submitPrivacyRequest"]
    return payload


async def verify(server: RunningServer, link: str, token: str | None = None) -> Json:
    payload: Json = (await server.data(VERIFY, {"input": {"token": link}}, token))["verifyPrivacyRequest"]
    return payload


async def statuses() -> list[str]:
    return [row["status"] for row in await fetch("SELECT status FROM privacy_requests ORDER BY id")]


async def test_nobody_learns_anything_by_asking(server: RunningServer, mailer: FakeMailer) -> None:
    ada = await server.sign_up("ada")
    mailer.letters.clear()
    known, unknown = [await ask(server, address) for address in ("ada@example.com", EVE)]
    assert known == unknown == {"received": True, "request": None, "errors": []}
    await server.queue.settle()
    assert len(mailer.to("ada@example.com")) == len(mailer.to(EVE)) == 1
    assert await own(server, ada) == []

    wrong: list[tuple[str | None, Json, str]] = [
        (None, {"address": ""}, "address"),
        (None, {"address": "nobody"}, "address"),
        (None, {"displayName": "Ada"}, "right"),
        (None, {"generationIds": []}, ""),
        (None, {"statement": "x" * 4_001}, "statement"),
        (ada, {}, "address"),
    ]
    for token, given, path in wrong:
        refused = await ask(server, **{"address": "new@example.org", "token": token, **given})
        assert [each["path"] for each in refused["errors"]] == ([[path]] if path else []), given
    [amount] = [limit.amount for limit in LIMITS[Doing.ASK_FOR_RIGHT] if limit.per is Per.TARGET]
    tried = [await ask(server, "mallory@example.org") for _ in range(amount + 1)]
    assert [each["received"] for each in tried] == [True] * amount + [False]
    assert tried[-1]["errors"][0]["__typename"] == "RateLimited"
    assert len(await fetch("SELECT 1 FROM mails WHERE address = 'mallory@example.org'")) == 1


async def test_a_link_works_once_and_guessing_is_bounded(server: RunningServer, mailer: FakeMailer) -> None:
    await ask(server)
    await server.queue.settle()
    link = mailer.token(EVE)
    wrong = {"verified": False, "statusToken": None}
    spent = {**wrong, "errors": [{"__typename": "NotFound", "code": "NOT_FOUND", "path": ["token"]}]}
    assert await verify(server, link[:-1] + ("A" if link[-1] != "A" else "B")) == spent
    proved = await verify(server, link)
    assert (proved["verified"], proved["errors"]) == (True, [])
    assert await verify(server, link) == spent
    assert await verify(server, proved["statusToken"]) == spent, "the link that follows proves nothing"
    [amount] = [limit.amount for limit in LIMITS[Doing.FOLLOW_LINK] if limit.per is Per.TARGET]
    tried = [await verify(server, "guessed") for _ in range(amount + 1)]
    assert [each["errors"][0]["__typename"] for each in tried] == ["NotFound"] * amount + ["RateLimited"]


async def test_what_the_account_asked_already_goes_on_with_the_earlier_clock(
    server: RunningServer, mailer: FakeMailer
) -> None:
    ada = await server.sign_up("ada")
    server.queue.work_with(None)
    await ask(server, "ada@example.com")
    earlier = timedelta(days=5)
    await execute(
        """UPDATE privacy_requests SET received_at = received_at - $1::interval,
             legal_due_at = legal_due_at - $1::interval""",
        earlier,
    )
    [letter] = await fetch("SELECT ticket FROM mails WHERE kind = 'PRIVACY_REQUEST_RECEIVED'")
    kept = (await submit(server, ada, "OPT_OUT_OF_SALE"))["request"]
    before = (await fetch("SELECT legal_due_at FROM privacy_requests ORDER BY id"))[0]["legal_due_at"]

    links = OneTimeTokens(derive(b"of this test", "links"))
    joined = await prove(links.token(letter["ticket"]), None, links, OFFICE)
    [request] = await own(server, ada)
    assert (request["id"], joined.legal_due_at) == (kept["id"], before)
    assert (joined.received_at < joined.verified_at - earlier) if joined.verified_at else False


async def test_an_account_with_a_second_factor_gives_it_for_what_is_worth_one(
    server: RunningServer, mailer: FakeMailer, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, app, _ = await protected(server)
    eve = await server.sign_up("eve")
    await ask(server, "ada@example.com")
    await server.queue.settle()
    link = mailer.token("ada@example.com")
    monkeypatch.setitem(RIGHTS, PrivacyRight.OPT_OUT_OF_SALE, OptOutOfSale(proof=Proof.STEP_UP))
    await execute("UPDATE sessions SET authenticated_at = now() - interval '1 hour'")

    for token in (None, eve, ada):
        refused = await verify(server, link, token)
        assert (refused["verified"], refused["errors"][0]["code"]) == (False, "STEP_UP_REQUIRED"), token
    assert await statuses() == ["AWAITING_VERIFICATION"]
    fresh = await server.data(REAUTHENTICATE, {"input": {"code": await app.next_code()}}, ada)
    assert fresh["reauthenticate"]["errors"] == []
    assert (await verify(server, link, ada))["verified"]


async def test_staff_ask_for_somebody_with_evidence_and_never_for_themselves(
    server: RunningServer, mailer: FakeMailer
) -> None:
    ada, officer = [await server.sign_up(name) for name in ("ada", "officer")]
    await promote("officer@example.com", Role.PRIVACY_OFFICER)
    mailer.letters.clear()
    letter = "A letter on paper of 3 May, signed, with a copy of her library card."
    said = {"right": "OPT_OUT_OF_SALE", "evidence": letter, "verified": True, "idempotencyKey": "once"}

    async def submit_for(**given: object) -> Json:
        payload: Json = (await server.data(FOR, {"input": {**said, **given}}, officer))["submitPrivacyRequestFor"]
        return payload

    own_id = (await server.data("{ viewer { id } }", None, officer))["viewer"]["id"]
    for given, path in (
        ({"address": EVE, "evidence": " \n short "}, "evidence"),
        ({"address": EVE, "userId": own_id}, "userId"),
        ({}, "userId"),
        ({"userId": "nonsense"}, "userId"),
        ({"userId": own_id}, "userId"),
        ({"address": "officer@example.com"}, "userId"),
    ):
        refused = await submit_for(**given)
        assert ([each["path"] for each in refused["errors"]], refused["request"]) == ([[path]], None), given
    assert await statuses() == []

    ada_id = (await server.data("{ viewer { id } }", None, ada))["viewer"]["id"]
    made = await submit_for(userId=ada_id, residence="EUROPE")
    assert made == {"request": {"status": "VERIFIED", "channel": "STAFF", "regime": "GDPR"}, "errors": []}
    again = await submit_for(userId=ada_id, residence="EUROPE")
    assert (again["request"]["regime"], len(await statuses())) == ("GDPR", 1), "the same key is the same request"
    await server.queue.settle()
    [under_way, done] = mailer.to("ada@example.com")
    assert ("Somebody who works here entered it" in under_way.text, letter in under_way.text) == (True, False)
    assert done.subject == "Your privacy request is done"
    log = await fetch("SELECT action, actor_id, subject_id FROM audit_entries WHERE action = 'PRIVACY_REQUESTED'")
    assert [row["actor_id"] != row["subject_id"] for row in log] == [True]
    [details] = await fetch("SELECT content FROM privacy_request_details")
    assert Asked.decode(details["content"]).evidence == letter
    assert len(await own(server, ada)) == 1

    asked = await submit_for(address=EVE, verified=False, idempotencyKey="another")
    assert asked["request"] == {"status": "AWAITING_VERIFICATION", "channel": "STAFF", "regime": "OTHER"}
    await server.queue.settle()
    [question] = mailer.to(EVE)
    assert "Somebody who works here entered it" in question.text
    assert (await verify(server, mailer.token(EVE)))["verified"]


async def test_staff_who_join_what_is_open_leave_a_trace_and_say_how_they_know(server: RunningServer) -> None:
    ada, officer = [await server.sign_up(name) for name in ("ada", "officer")]
    await promote("officer@example.com", Role.PRIVACY_OFFICER)
    server.queue.work_with(None)
    assert (await submit(server, ada, "OPT_OUT_OF_SALE"))["errors"] == []
    ada_id = (await server.data("{ viewer { id } }", None, ada))["viewer"]["id"]
    letter = "She called, and knew what she had written."
    said = {"right": "OPT_OUT_OF_SALE", "userId": ada_id, "evidence": letter, "verified": True}

    for key in ("one", "one", "two"):
        made = await server.data(FOR, {"input": {**said, "idempotencyKey": key}}, officer)
        assert made["submitPrivacyRequestFor"]["request"]["channel"] == "SIGNED_IN"

    log = await fetch("SELECT actor_id, subject_id FROM audit_entries WHERE action = 'PRIVACY_REQUESTED' ORDER BY id")
    assert sorted(row["actor_id"] != row["subject_id"] for row in log) == [False, True, True], "once for each key"
    [details] = await fetch("SELECT content FROM privacy_request_details")
    assert Asked.decode(details["content"]).evidence == f"{letter}\n{letter}"


async def test_a_thread_that_staff_classify_asks_its_address(server: RunningServer, mailer: FakeMailer) -> None:
    support = await server.sign_up("support")
    await promote("support@example.com", Role.SUPPORT)
    await receive(mail(EVE, DESK.support, "I read that you might sell what you know of me. I do not want it."))
    [thread] = (await server.data(STAFFS, {"purpose": "ACCOUNT_MANAGEMENT"}, support))["supportThreads"]["nodes"]
    under = {"id": thread["id"], "topic": "PRIVACY_REQUEST", "right": "OPT_OUT_OF_SALE"}
    assert (await server.data(CLASSIFY, {"input": under}, support))["classifySupportThread"]["classified"]
    await server.queue.settle()
    assert await statuses() == ["AWAITING_VERIFICATION"]
    assert (await verify(server, mailer.token(EVE)))["verified"]
    [request] = await fetch("SELECT id FROM privacy_requests")
    found = await locked(request["id"])
    assert found.asked is not None
    assert "might sell what you know" in found.asked.statement


async def test_who_does_not_say_where_they_live_has_the_shortest_time(server: RunningServer) -> None:
    server.queue.work_with(None)
    for address, residence in (("a@example.org", None), ("b@example.org", "EUROPE"), ("c@example.org", "CALIFORNIA")):
        await ask(server, address, **({"residence": residence} if residence else {}))
    found = await fetch("SELECT regime, legal_due_at - received_at AS time FROM privacy_requests ORDER BY id")
    assert [row["regime"] for row in found] == ["OTHER", "GDPR", "CCPA"]
    assert found[0]["time"] <= min(row["time"] for row in found) + timedelta(seconds=5)
