"""What officers decide: extend once and in time, deny, try again. Nobody else does: then nothing happens."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from app.accounts.staff import promote
from app.core.db import execute, fetch, transaction
from app.core.privacy_rights import PrivacyRight
from app.core.viewer import Role
from app.privacy import decisions
from app.privacy.asked import Asked
from app.privacy.decisions import DenialCode
from app.privacy.errors import CannotExtend
from app.privacy.requests import Requester, open_request
from app.privacy.status import Channel
from tests.fakes.mail import FakeMailer
from tests.fakes.server import RunningServer
from tests.privacy.asking import cancel
from tests.privacy.office import DENY, EXTEND, QUEUE, RETRY, due_in, mailed, opened, uuid_of

ADA = "ada@example.com"
ON_BEHALF = """mutation ($input: SubmitPrivacyRequestForInput!) { submitPrivacyRequestFor(input: $input) {
  request { id status } errors { code path } } }"""
STATE = """SELECT status, due_at, extended_at, denial, job_id FROM privacy_requests ORDER BY id"""
LOG = "{ viewer { auditEntries(first: 2) { nodes { action actor purpose note } } } }"


async def kept() -> list[dict[str, Any]]:
    """Return all that decisions change."""
    return [*await fetch(STATE), *await fetch("SELECT kind FROM mails ORDER BY id")]


async def test_an_extension_is_given_once_with_its_reason_and_the_person_is_told(server: RunningServer) -> None:
    ada = await server.sign_up("ada")
    desk = await opened(server)
    id = await desk.asked(ada, residence="EUROPE")
    [before] = await fetch("SELECT due_at, received_at FROM privacy_requests")

    first, again = [await desk.extend(id) for _ in range(2)]

    assert first["errors"] == []
    assert first == again, "the same key is the same decision"
    assert first["request"]["extension"]["reason"] == "There is much of it."
    [row] = await fetch("SELECT due_at, extended_until, legal_due_at FROM privacy_requests")
    assert row["due_at"] == row["extended_until"]
    assert timedelta(days=59) <= row["due_at"] - row["legal_due_at"] <= timedelta(days=62), "two months"
    assert await mailed(ADA) == ["PRIVACY_REQUEST_VERIFIED", "PRIVACY_REQUEST_EXTENDED"]
    [mail] = await fetch("SELECT values FROM mails WHERE kind = 'PRIVACY_REQUEST_EXTENDED'")
    assert "There is much of it." in mail["values"]
    entry = (await server.data(LOG, None, ada))["viewer"]["auditEntries"]["nodes"][0]
    assert entry == {
        "action": "PRIVACY_EXTENDED",
        "actor": "STAFF",
        "purpose": "LEGAL_COMPLIANCE",
        "note": "OPT_OUT_OF_SALE There is much of it.",
    }
    [event] = await fetch("SELECT type FROM feed_entries ORDER BY sequence DESC LIMIT 1")
    assert event["type"] == "PRIVACY_EXTENDED"
    was = await kept()
    twice = await desk.extend(id, idempotencyKey="two")
    assert (twice["request"], twice["errors"][0]["code"]) == (None, "CONFLICT")
    assert await kept() == was
    assert before["due_at"] < row["due_at"]


async def test_a_shorter_extension_is_a_day_between(server: RunningServer) -> None:
    ada = await server.sign_up("ada")
    desk = await opened(server)
    id = await desk.asked(ada, residence="CALIFORNIA")
    now = datetime.now(UTC)
    was = await kept()
    for days in (-1, 3, 100):
        wrong = await desk.extend(id, until=(now + timedelta(days=days)).date().isoformat(), idempotencyKey=f"{days}")
        assert [each["path"] for each in wrong["errors"]] == [["until"]], days
    for reason in ("", "x" * 501):
        assert (await desk.extend(id, reason=reason))["errors"][0]["path"] == ["reason"]
    assert await kept() == was

    day = (now + timedelta(days=30)).date()
    found = await desk.extend(id, until=day.isoformat())

    assert found["request"]["dueAt"] == f"{day}T23:59:59+00:00"


async def test_after_the_deadline_nothing_is_extended_not_even_in_a_race(server: RunningServer) -> None:
    ada = await server.sign_up("ada")
    desk = await opened(server)
    id = await desk.asked(ada)
    await due_in(id, timedelta(seconds=-1))
    was = await kept()
    late = await desk.extend(id)
    assert (late["errors"][0]["code"], "time is over" in late["errors"][0]["message"]) == ("CONFLICT", True)
    assert await kept() == was

    # The clock of the process says that there is time; by the database's it is over when the row's lock is given back.
    await due_in(id, timedelta(milliseconds=700))
    async with transaction():
        await execute("SELECT id FROM privacy_requests WHERE id = $1 FOR UPDATE", uuid_of(id))
        waits = asyncio.create_task(_outside(desk.extend(id, idempotencyKey="two")))
        while not await fetch("SELECT 1 FROM pg_locks WHERE NOT granted"):
            await fetch("SELECT pg_sleep(0.01)::text")
        await execute("SELECT pg_sleep_until(due_at + interval '1 millisecond') FROM privacy_requests")
    raced = await waits
    assert raced["errors"][0]["code"] == "CONFLICT"
    [row] = await fetch("SELECT extended_at FROM privacy_requests")
    assert row["extended_at"] is None
    assert "PRIVACY_REQUEST_EXTENDED" not in await mailed(ADA)

    # And by the clock of the process it is over, though the database's is behind.
    await due_in(id, timedelta(hours=1))
    desk.clock.by = timedelta(hours=1)
    try:
        await decisions.extend(uuid_of(id), "Too late.", desk.office, actor=None)
    except CannotExtend:
        desk.clock.by = timedelta(minutes=59)
    assert desk.clock.by == timedelta(minutes=59), "it was refused"
    assert (await decisions.extend(uuid_of(id), "In time.", desk.office, actor=None)).extended_at is not None


async def _outside(work: Any) -> Any:
    return await work


async def test_two_officers_extend_once(server: RunningServer) -> None:
    ada = await server.sign_up("ada")
    desk = await opened(server)
    id = await desk.asked(ada)

    both = await asyncio.gather(*(desk.extend(id, idempotencyKey=key) for key in ("one", "two")))

    assert sorted(len(each["errors"]) for each in both) == [0, 1]
    assert (await mailed(ADA)).count("PRIVACY_REQUEST_EXTENDED") == 1


async def test_a_denial_says_why_and_how_to_complain_and_ends_the_work(
    server: RunningServer, mailer: FakeMailer
) -> None:
    ada = await server.sign_up("ada")
    desk = await opened(server)
    id = await desk.asked(ada)

    first, again = [await desk.deny(id) for _ in range(2)]

    assert first == again
    assert (first["errors"], first["request"]["status"]) == ([], "DENIED")
    assert first["request"]["denial"] == {"code": "EXCESSIVE", "reason": "It was asked for yesterday."}
    assert await mailed(ADA) == ["PRIVACY_REQUEST_VERIFIED", "PRIVACY_REQUEST_DENIED"]
    assert await fetch("SELECT state FROM jobs WHERE kind = 'privacy.run'") == [{"state": "CANCELED"}]
    [entry, _] = (await server.data(LOG, None, ada))["viewer"]["auditEntries"]["nodes"]
    assert (entry["action"], entry["actor"]) == ("PRIVACY_DENIED", "STAFF")
    was = await kept()
    for late in (await desk.deny(id, idempotencyKey="2"), await desk.extend(id), await desk.retry(id)):
        assert late["errors"][0]["code"] == "CONFLICT"
    assert (await cancel(server, ada, id))["errors"][0]["code"] == "CONFLICT"
    assert await kept() == was


async def test_an_erasure_for_an_address_without_an_account_is_denied_like_any_other(server: RunningServer) -> None:
    desk = await opened(server)
    who = Requester(None, Channel.MAIL, "eve@example.org", proved=True)
    id, _ = await open_request(Asked(PrivacyRight.ERASURE), who, desk.office)

    denied = await decisions.refuse(id, DenialCode.UNFOUNDED, "It is a joke.", desk.office, actor=None)

    assert (denied.status, denied.denial) == ("DENIED", "UNFOUNDED")
    assert (await mailed("eve@example.org"))[-1] == "PRIVACY_REQUEST_DENIED"


async def test_what_is_being_done_is_not_denied(server: RunningServer) -> None:
    ada = await server.sign_up("ada")
    desk = await opened(server)
    id = await desk.asked(ada)
    await execute("UPDATE privacy_requests SET status = 'IN_PROGRESS'")
    was = await kept()

    refused = await desk.deny(id)

    assert refused["errors"][0]["code"] == "CONFLICT"
    assert await kept() == was
    assert await fetch("SELECT state FROM jobs WHERE kind = 'privacy.run'") == [{"state": "QUEUED"}]


async def test_what_was_given_up_is_tried_again(server: RunningServer) -> None:
    ada = await server.sign_up("ada")
    desk = await opened(server)
    id = await desk.asked(ada)
    assert (await desk.retry(id))["errors"][0]["code"] == "CONFLICT", "it waits for a worker"
    await execute("UPDATE jobs SET state = 'FAILED', finished_at = now() WHERE kind = 'privacy.run'")

    first, again = [await desk.retry(id, idempotencyKey="two") for _ in range(2)]

    assert first == again
    assert first["errors"] == []
    states = await fetch("SELECT state FROM jobs WHERE kind = 'privacy.run' ORDER BY created_at")
    assert [row["state"] for row in states] == ["FAILED", "QUEUED"]
    await execute("DELETE FROM jobs WHERE kind = 'privacy.run'")
    assert (await desk.retry(id, idempotencyKey="three"))["errors"] == [], "the sweeper took the job that failed"
    await execute("UPDATE jobs SET state = 'FAILED' WHERE kind = 'privacy.run'")
    both = await asyncio.gather(*(desk.retry(id, idempotencyKey=key) for key in ("four", "five")))
    assert sorted(len(each["errors"]) for each in both) == [0, 1], "it is carried out once"


async def test_the_queue_is_sorted_by_time_left_and_looks_are_on_record(server: RunningServer) -> None:
    people = [await server.sign_up(name) for name in ("ada", "bob", "cyd", "dan")]
    desk = await opened(server)
    ids = [await desk.asked(token, statement=f"by {number}") for number, token in enumerate(people)]
    for id, days in zip(ids, (9, 2, 30, 5), strict=True):
        await due_in(id, timedelta(days=days))
    await execute(
        """UPDATE privacy_requests SET status = 'AWAITING_VERIFICATION', due_at = NULL, verified_at = NULL
           WHERE id = $1""",
        uuid_of(ids[2]),
    )

    first = await desk.queue(first=2)
    await desk.extend(ids[3], until=(datetime.now(UTC) + timedelta(days=20)).date().isoformat())
    rest = await desk.queue(first=5, after=first["pageInfo"]["endCursor"])

    assert [each["id"] for each in first["nodes"]] == [ids[1], ids[3]]
    assert [each["id"] for each in rest["nodes"]] == [ids[0], ids[3], ids[2]], "one that moved back is shown again"
    assert (first["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasNextPage"]) == (True, False)
    [node] = [each for each in first["nodes"] if each["id"] == ids[1]]
    [ada] = await fetch("SELECT id FROM users WHERE email = 'bob@example.com'")
    assert (uuid_of(node["account"]), node["address"]) == (ada["id"], "bob@example.com")
    assert (node["statement"], node["channel"]) == ("by 1", "SIGNED_IN")
    looks = await fetch(
        """SELECT u.email, e.purpose FROM audit_entries e JOIN subject_aliases a ON a.id = e.subject_id
           JOIN users u ON u.id = a.user_id WHERE e.action = 'VIEWED_BY_STAFF' AND u.email LIKE 'b%'"""
    )
    assert looks == [{"email": "bob@example.com", "purpose": "LEGAL_COMPLIANCE"}]
    await due_in(ids[0], timedelta(days=-1))
    assert [each["id"] for each in (await desk.queue(overdue=True))["nodes"]] == [ids[0]]
    assert ids[0] not in [each["id"] for each in (await desk.queue(overdue=False))["nodes"]]
    unproven = await desk.queue(status="AWAITING_VERIFICATION")
    assert [each["id"] for each in unproven["nodes"]] == [ids[2]]
    for wrong in ("nonsense", "YXQ6MjAzMS0wMS0wMVQwMDowMDowMC8x", ""):
        answer = await server.execute(QUEUE, {"after": wrong}, desk.officer)
        assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT", wrong


async def test_nobody_but_officers_decides_or_looks(server: RunningServer) -> None:
    ada, eve = await server.sign_up("ada"), await server.sign_up("eve")
    desk = await opened(server)
    id = await desk.asked(ada)
    said: dict[str, Any] = {"id": id, "idempotencyKey": "x"}
    documents = {
        EXTEND: {**said, "reason": "Why not"},
        DENY: {**said, "code": "UNFOUNDED", "reason": "Why not"},
        RETRY: said,
    }
    was = await kept()
    entries = await fetch("SELECT count(*) AS number FROM audit_entries WHERE action <> 'ROLE_CHANGED'")
    for role in Role:
        await promote("eve@example.com", role)
        allowed = role in (Role.PRIVACY_OFFICER, Role.ADMIN)
        for document, given in documents.items():
            for token in (None, ada, eve) if not allowed else (None, ada):
                answer = await server.execute(document, {"input": given}, token)
                assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN", (role, token)
        if not allowed:
            answer = await server.execute(QUEUE, {}, eve)
            assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN", role
    assert await kept() == was
    assert await fetch("SELECT count(*) AS number FROM audit_entries WHERE action <> 'ROLE_CHANGED'") == entries
    await promote("eve@example.com", Role.ADMIN)
    assert (await desk.extend(id, eve))["errors"] == []
