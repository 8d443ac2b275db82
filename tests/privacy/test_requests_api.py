"""Privacy requests over the API: asked for, followed, carried out once; of nobody else."""

from app.core.config import Settings
from app.core.db import fetch
from app.core.keys import derive
from app.core.receipts import PRIVACY
from app.core.signing import Signer
from tests.fakes.mail import FakeMailer
from tests.fakes.server import Json, RunningServer, receive, send
from tests.privacy.asking import NODE, PROGRESS, cancel, own, submit


async def watched(server: RunningServer, token: str, id: str, after: str | None = None) -> list[Json]:
    """Follow a request to its end; return its events."""
    seen: list[Json] = []
    async with server.socket(token) as socket:
        assert (await receive(socket))["type"] == "connection_ack"
        payload = {"query": PROGRESS, "variables": {"id": id, "after": after}}
        await send(socket, {"id": "1", "type": "subscribe", "payload": payload})
        while (message := await receive(socket))["type"] == "next":
            seen.append(message["payload"]["data"]["privacyRequestProgress"])
        assert message["type"] == "complete", message
    return seen


async def test_a_request_is_carried_out_once_and_followed_to_its_end(
    server: RunningServer, mailer: FakeMailer, settings: Settings
) -> None:
    ada = await server.sign_up("ada")
    mailer.letters.clear()

    asked = await submit(server, ada, "OPT_OUT_OF_SALE", residence="CALIFORNIA")
    request = asked["request"]
    assert asked["errors"] == []
    assert (request["regime"], request["channel"]) == ("CCPA", "SIGNED_IN")
    assert request["verifiedAt"] <= request["dueAt"], "being signed in is proof enough"
    await server.queue.settle()

    first = await watched(server, ada, request["id"])
    assert [event["type"] for event in first] == ["SNAPSHOT"], "late, and right at once"
    ended = first[0]["request"]
    [step] = ended["steps"]
    assert (ended["status"], step["holder"], step["status"]) == ("COMPLETED", "disclosures", "DONE")
    assert step["count"] > 0, "the mails that she got were handed to somebody"
    rows = await fetch("SELECT sequence, type FROM feed_entries WHERE type LIKE 'PRIVACY_%' ORDER BY sequence")
    assert [row["type"] for row in rows] == [
        f"PRIVACY_{name}" for name in ("RECEIVED", "VERIFIED", "STARTED", "STEP_DONE", "COMPLETED")
    ]

    claims = Signer(derive(settings.security.key, "signatures")).verify(ended["receipt"], PRIVACY)
    assert [(each["holder"], each["count"]) for each in claims["steps"]] == [("disclosures", step["count"])]
    assert "ada" not in str(claims)
    assert [letter.subject for letter in mailer.to("ada@example.com")] == [
        "Your privacy request is under way",
        "Your privacy request is done",
    ]
    again = await submit(server, ada, "OPT_OUT_OF_SALE", residence="CALIFORNIA")
    assert again["request"]["id"] == request["id"], "the same key is the same request"
    assert (await cancel(server, ada, request["id"]))["errors"][0]["code"] == "CONFLICT"


async def test_what_is_open_already_is_joined_and_resumed(server: RunningServer) -> None:
    ada = await server.sign_up("ada")
    server.queue.work_with(None)

    first = (await submit(server, ada, "OPT_OUT_OF_SALE", "one"))["request"]
    assert (await submit(server, ada, "OPT_OUT_OF_SALE", "two"))["request"]["id"] == first["id"]
    assert len(await own(server, ada)) == 1

    back = (await cancel(server, ada, first["id"]))["request"]
    assert (back["status"], back["finishedAt"] is None) == ("CANCELED", False)
    assert [row["state"] for row in await fetch("SELECT state FROM jobs WHERE kind = 'privacy.run'")] == ["CANCELED"]
    [start] = await watched(server, ada, first["id"])
    assert start["type"] == "SNAPSHOT"
    rows = await fetch("SELECT sequence FROM feed_entries WHERE type = 'PRIVACY_RECEIVED'")
    assert start["sequence"] == rows[0]["sequence"] + 2
    other = (await submit(server, ada, "OPT_OUT_OF_SALE", "three"))["request"]
    assert other["id"] != first["id"], "what has ended is asked for anew"


async def test_nobody_else_sees_or_ends_a_request(server: RunningServer) -> None:
    ada, eve = await server.sign_up("ada"), await server.sign_up("eve")
    server.queue.work_with(None)
    request = (await submit(server, ada, "OPT_OUT_OF_SALE"))["request"]

    assert (await server.data(NODE, {"id": request["id"]}, eve))["node"] is None
    assert (await server.data(NODE, {"id": request["id"]}, ada))["node"]["id"] == request["id"]
    assert (await cancel(server, eve, request["id"]))["errors"][0]["code"] == "NOT_FOUND"
    assert await own(server, eve) == []
    async with server.socket(eve) as socket:
        assert (await receive(socket))["type"] == "connection_ack"
        payload = {"query": PROGRESS, "variables": {"id": request["id"]}}
        await send(socket, {"id": "1", "type": "subscribe", "payload": payload})
        [error] = (await receive(socket))["payload"]["errors"]
        assert error["extensions"]["code"] == "NOT_FOUND"
    [row] = await fetch("SELECT status FROM privacy_requests")
    assert row["status"] == "VERIFIED"
