"""Support over the API: with an account and without, as somebody else, as staff."""

from typing import Any

from app.accounts.staff import promote
from app.core.db import fetch
from app.core.limits import LIMITS, Doing, Per
from app.core.viewer import Role
from tests.fakes.mail import FakeMailer
from tests.fakes.server import Json, RunningServer
from tests.support.conversing import ANSWER, CLASSIFY, CLOSE, CONTACT, DESK, OWN, REPLY, STAFFS

EVE = "eve@example.org"


async def contact(server: RunningServer, token: str | None = None, **given: Any) -> Json:
    said = {"topic": "QUESTION", "message": "Where is my picture?", "idempotencyKey": "once", **given}
    payload: Json = (await server.data(CONTACT, {"input": said}, token))["contactSupport"]
    return payload


async def staffs(server: RunningServer, token: str, purpose: str = "ACCOUNT_MANAGEMENT", **given: Any) -> list[Json]:
    data = await server.data(STAFFS, {"purpose": purpose, **given}, token)
    nodes: list[Json] = data["supportThreads"]["nodes"]
    return nodes


async def test_a_person_writes_is_answered_and_goes_on(server: RunningServer, mailer: FakeMailer) -> None:
    ada, other, support = [await server.sign_up(name) for name in ("ada", "other", "support")]
    await promote("support@example.com", Role.SUPPORT)
    mailer.letters.clear()

    first, again = [await contact(server, ada) for _ in range(2)]
    thread = first["thread"]["id"]
    assert first["thread"]["messages"] == [{"author": "PERSON", "text": "Where is my picture?"}]
    assert again == first
    await server.queue.settle()
    [to_desk], [confirmation] = mailer.to(DESK.support), mailer.to("ada@example.com")
    assert "Where is my picture?" in to_desk.text
    assert ("Where is my picture?" in confirmation.text, confirmation.auto_submitted) == (False, "auto-replied")

    assert [(node["id"], node["fromAccount"]) for node in await staffs(server, support, state="OPEN")] == [
        (thread, True)
    ]
    said = {"id": thread, "message": "In your gallery.", "idempotencyKey": "once"}
    for _ in range(2):
        answered = (await server.data(ANSWER, {"input": said}, support))["answerSupportThread"]
        assert answered == {"answered": True, "errors": []}
    await server.queue.settle()
    letter = mailer.to("ada@example.com")[-1]
    assert ("In your gallery." in letter.text, letter.auto_submitted, len(mailer.letters)) == (True, None, 3)
    [node] = (await server.data(OWN, None, ada))["viewer"]["supportThreads"]["nodes"]
    assert (node["state"], [each["author"] for each in node["messages"]]) == ("ANSWERED", ["PERSON", "STAFF"])

    reply = {"id": thread, "message": "Thank you.", "idempotencyKey": "twice"}
    replied = [(await server.data(REPLY, {"input": reply}, ada))["replyToSupportThread"] for _ in range(2)]
    assert replied[0] == replied[1]
    assert (replied[0]["thread"]["state"], len(replied[0]["thread"]["messages"])) == ("OPEN", 3)
    assert (await server.data(CLOSE, {"input": {"id": thread}}, support))["closeSupportThread"]["closed"]
    log = (await server.data("{ viewer { auditEntries(first: 4) { nodes { action actor purpose } } } }", None, ada))[
        "viewer"
    ]["auditEntries"]["nodes"]
    assert [each["action"] for each in log[:3]] == ["SUPPORT_CLOSED", "SUPPORT_ANSWERED", "VIEWED_BY_STAFF"]
    assert {(each["actor"], each["purpose"]) for each in log[:3]} == {("STAFF", "ACCOUNT_MANAGEMENT")}

    denied = {"thread": None, "errors": [{"code": "NOT_FOUND", "path": ["id"]}]}
    stolen = {"id": thread, "message": "Me too", "idempotencyKey": "x"}
    assert (await server.data(REPLY, {"input": stolen}, other))["replyToSupportThread"] == denied
    query = "query ($id: ID!) { node(id: $id) { id } }"
    assert [(await server.data(query, {"id": thread}, token))["node"] for token in (ada, other, support)] == [
        {"id": thread},
        None,
        None,
    ]
    assert (await server.data(OWN, None, other))["viewer"]["supportThreads"]["nodes"] == []
    refused = await server.execute(STAFFS, {"purpose": "ACCOUNT_MANAGEMENT"}, other)
    assert refused["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert len(await fetch("SELECT 1 FROM support_messages")) == 3


async def test_nobody_learns_or_sends_anything_by_writing_as_somebody_else(
    server: RunningServer, mailer: FakeMailer
) -> None:
    ada = await server.sign_up("ada")
    mailer.letters.clear()
    known, unknown = [await contact(server, email=email) for email in ("ada@example.com", EVE)]
    assert known == unknown == {"received": True, "thread": None, "errors": []}
    assert (await contact(server, email=EVE))["received"], "the same call is taken once"
    assert (await contact(server, email=EVE, idempotencyKey="another"))["received"]
    await server.queue.settle()

    assert len(mailer.to(DESK.support)) == 3
    for address in ("ada@example.com", EVE):
        [confirmation] = mailer.to(address)
        assert "Where is my picture?" not in confirmation.text + confirmation.html + confirmation.subject
    assert (await server.data(OWN, None, ada))["viewer"]["supportThreads"]["nodes"] == []
    await promote("ada@example.com", Role.SUPPORT)
    shown = await staffs(server, ada)
    assert [(each["address"], each["fromAccount"]) for each in shown] == [
        *((EVE, False), (EVE, False)),
        ("ada@example.com", False),
    ]


async def test_what_is_wrong_is_named_and_nothing_is_kept(server: RunningServer) -> None:
    ada = await server.sign_up("ada")
    cases: list[tuple[str | None, Json, list[str]]] = [
        (None, {}, ["email"]),
        (None, {"email": "nobody"}, ["email"]),
        (None, {"email": EVE, "idempotencyKey": ""}, ["idempotencyKey"]),
        (ada, {"email": EVE}, ["email"]),
        (ada, {"message": " \n"}, ["message"]),
        (ada, {"message": "x" * 5001}, ["message"]),
        (ada, {"right": "ERASURE"}, ["right"]),
        (ada, {"idempotencyKey": ""}, ["idempotencyKey"]),
    ]
    for token, given, path in cases:
        payload = await contact(server, token, **given)
        assert ([error["path"] for error in payload["errors"]], payload["received"]) == ([path], False), given
    assert await fetch("SELECT 1 FROM support_threads") == []
    assert await fetch("SELECT 1 FROM mails") == []

    [amount] = [limit.amount for limit in LIMITS[Doing.CONTACT_SUPPORT] if limit.per is Per.TARGET]
    tried = [await contact(server, email="mallory@example.org", idempotencyKey=str(n)) for n in range(amount + 1)]
    assert [each["received"] for each in tried] == [True] * amount + [False]
    assert tried[-1]["errors"][0]["__typename"] == "RateLimited"


async def test_privacy_requests_are_for_privacy_officers(server: RunningServer, mailer: FakeMailer) -> None:
    ada, support, officer = [await server.sign_up(name) for name in ("ada", "support", "officer")]
    await promote("support@example.com", Role.SUPPORT)
    await promote("officer@example.com", Role.PRIVACY_OFFICER)
    mailer.letters.clear()
    asked = await contact(server, ada, topic="PRIVACY_REQUEST", right="ERASURE", message="Delete it all.")
    await server.queue.settle()

    [to_officer] = mailer.to(DESK.privacy)
    assert (to_officer.subject, "Delete my data" in to_officer.text) == ("Privacy request", True)
    rows = await fetch("SELECT activity FROM disclosures d JOIN mails m ON m.id = d.object_id")
    assert [row["activity"] for row in rows] == ["LEGAL_COMPLIANCE"] * 2
    assert await staffs(server, support) == []
    [node] = await staffs(server, officer, "LEGAL_COMPLIANCE")
    assert (node["id"], node["right"], node["address"]) == (asked["thread"]["id"], "ERASURE", "ada@example.com")
    said = {"id": node["id"], "message": "Done.", "idempotencyKey": "once"}
    denied = (await server.data(ANSWER, {"input": said}, support))["answerSupportThread"]
    assert denied == {"answered": False, "errors": [{"code": "NOT_FOUND", "path": ["id"]}]}
    assert (await server.data(CLOSE, {"input": {"id": node["id"]}}, support))["closeSupportThread"]["closed"] is False
    assert (await server.data(ANSWER, {"input": said}, officer))["answerSupportThread"]["answered"]
    refused = await server.execute(STAFFS, {"purpose": "LEGAL_COMPLIANCE"}, support)
    assert refused["errors"][0]["extensions"]["code"] == "NOT_PERMITTED"
    assert len(await fetch("SELECT 1 FROM support_messages")) == 2

    mailer.letters.clear()
    other = (await contact(server, ada, message="Delete my pictures.", idempotencyKey="another"))["thread"]["id"]
    under = {"id": other, "topic": "PRIVACY_REQUEST", "right": "ERASURE"}
    wrong = {**under, "topic": "QUESTION"}
    tried = [
        (await server.data(CLASSIFY, {"input": each}, support))["classifySupportThread"] for each in (wrong, under)
    ]
    assert [each["classified"] for each in tried] == [False, True]
    assert tried[0]["errors"] == [{"code": "INVALID_INPUT", "path": ["right"]}]
    await server.queue.settle()
    assert [letter.subject for letter in mailer.to(DESK.privacy)] == ["Support: A question", "Privacy request"]
    assert await staffs(server, support) == []
    assert [each["id"] for each in await staffs(server, officer, "LEGAL_COMPLIANCE", state="OPEN")] == [other]
