"""What the clock does to open requests: by turning it, and by dying at every commit."""

import asyncio
from datetime import UTC, datetime, timedelta

from structlog.testing import capture_logs

from app.core.db import execute, fetch
from app.core.privacy_rights import PrivacyRight
from app.privacy.asked import Asked
from app.privacy.clock import UNPROVEN_FOR, WATCH, in_words, overdue, watch
from app.privacy.deadlines import confirm_due
from app.privacy.requests import Requester, open_request
from app.privacy.status import Channel, Residence
from tests.fakes.server import RunningServer
from tests.privacy.office import MAILBOX, Desk, due_in, leased, mailed, opened
from tests.privacy.test_erasure import died
from workers.schedule import CRON
from workers.settings import HANDLERS

ADA = "ada@example.com"
REMINDER, OVERDUE = "PRIVACY_REMINDER", "PRIVACY_OVERDUE"


async def values() -> list[str]:
    """Return what fills the mails to the officer, in order."""
    rows = await fetch("SELECT values FROM mails WHERE address = $1 ORDER BY id", MAILBOX)
    return [row["values"] for row in rows]


async def unproven(desk: Desk, residence: Residence | None = None) -> None:
    """Have an address without an account ask for something, in words."""
    asked = Asked(PrivacyRight.OPT_OUT_OF_SALE, statement="a canary", residence=residence)
    await open_request(asked, Requester(None, Channel.PAGE, ADA), desk.office)


async def test_the_officer_is_reminded_three_times_and_then_there_is_an_alarm(server: RunningServer) -> None:
    desk = await opened(server)
    id = await desk.asked(await server.sign_up("ada"))
    await execute("UPDATE privacy_requests SET verified_at = now()")
    await due_in(id, timedelta(days=14))

    seen = []
    for days in (0, 6.9, 7.1, 10.9, 11.1, 12.9, 13.1, 13.9, 14.1, 20):
        for _ in range(2):
            with capture_logs() as lines:
                await desk.look(days)
        seen.append((days, len(await mailed(MAILBOX)), [line["event"] for line in lines]))

    assert [number for _, number, _ in seen] == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert await mailed(MAILBOX) == [REMINDER, REMINDER, REMINDER, OVERDUE]
    assert {days: events for days, _, events in seen if events} == {14.1: ["privacy.overdue"], 20: ["privacy.overdue"]}
    assert ["6 days" in (await values())[0], "21 hours" in (await values())[2]] == [True, True]
    assert not [said for said in await values() if "ada" in said], "it names nobody"


async def test_an_erasure_that_waits_for_others_is_answered_and_anything_else_that_waits_is_not(
    server: RunningServer,
) -> None:
    desk = await opened(server)
    id = await desk.asked(await server.sign_up("ada"))
    await due_in(id, timedelta(days=-1))
    await execute("UPDATE privacy_requests SET status = 'AWAITING_PROCESSOR'")
    assert (await overdue(desk.office))[0] == 1, "staff may be who is waited for"

    await execute("UPDATE privacy_requests SET privacy_right = 'ERASURE'")
    await desk.look(20)
    assert ((await overdue(desk.office))[0], await mailed(MAILBOX)) == (0, [])


async def test_an_extension_begins_a_new_time_with_reminders_of_its_own(server: RunningServer) -> None:
    desk = await opened(server)
    id = await desk.asked(await server.sign_up("ada"))
    await desk.look(13)
    assert await mailed(MAILBOX) == [REMINDER], "of what came due at once only the last is mailed"

    assert (await desk.extend(id))["errors"] == []
    await desk.look(14)
    assert await mailed(MAILBOX) == [REMINDER]
    [row] = await fetch("SELECT due_at - now() AS left FROM privacy_requests")
    for left in (0.1, -0.1):
        await desk.look((row["left"] - timedelta(days=left)) / timedelta(days=1))
    assert await mailed(MAILBOX) == [REMINDER, REMINDER, OVERDUE]


async def test_what_is_answered_reminds_nobody(server: RunningServer) -> None:
    desk = await opened(server)
    id = await desk.asked(await server.sign_up("ada"))
    await desk.deny(id)

    with capture_logs() as lines:
        await desk.look(90)

    assert (await mailed(MAILBOX), [line["event"] for line in lines]) == ([], [])


async def test_what_nobody_proves_ends_and_what_was_said_is_gone(server: RunningServer) -> None:
    desk = await opened(server)
    await unproven(desk)
    await desk.look(UNPROVEN_FOR.days - 0.1)
    assert await fetch("SELECT status FROM privacy_requests") == [{"status": "AWAITING_VERIFICATION"}]

    for _ in range(2):
        await desk.look(UNPROVEN_FOR.days + 0.1)

    [row] = await fetch("SELECT r.*, d.id AS said FROM privacy_requests r LEFT JOIN privacy_request_details d ON TRUE")
    assert (row["status"], row["said"]) == ("EXPIRED", None)
    assert await mailed(ADA) == [], "whoever never answered was told before that it ends like this"
    assert not [row for row in await fetch("SELECT values FROM mails") if "canary" in row["values"]]


async def test_a_death_at_any_commit_loses_and_doubles_nothing(server: RunningServer) -> None:
    desk = await opened(server)
    for name in ("bob", "cyd"):
        await desk.asked(await server.sign_up(name))
    await unproven(desk)
    desk.clock.by = timedelta(days=16)
    lease, deaths = await leased(), 0

    async def look() -> None:
        await watch(lease, desk.office)

    assert await died(look, 0), "before the first commit"
    assert (await mailed(MAILBOX), await mailed(ADA)) == ([], [])
    while await died(look, 1):
        deaths += 1
        assert deaths < 20

    assert deaths == 3, "after each of three commits"
    assert (await mailed(MAILBOX), await mailed(ADA)) == ([OVERDUE] * 2, [])
    await asyncio.gather(*(desk.look(17) for _ in range(3)))
    assert await mailed(MAILBOX) == [OVERDUE] * 2


async def test_receipt_is_confirmed_in_ten_business_days_or_there_is_an_alarm(server: RunningServer) -> None:
    desk = await opened(server)
    await unproven(desk, Residence.CALIFORNIA)
    await execute("UPDATE privacy_requests SET status = 'VERIFIED', verified_at = now()")
    now = datetime.now(UTC)
    days = (confirm_due(now, desk.office.zone) - now) / timedelta(days=1)

    await desk.look(days - 0.01)
    assert await mailed(MAILBOX) == []
    desk.holidays = [(now + timedelta(days=each)).date() for each in range(1, 10)]
    await desk.look(days + 0.01)
    assert await mailed(MAILBOX) == [], "on those days nobody worked"
    desk.holidays = ()
    with capture_logs() as lines:
        await desk.look(days + 0.01)
    assert await mailed(MAILBOX) == ["PRIVACY_UNCONFIRMED"]
    assert [line["event"] for line in lines if "request" in line] == ["privacy.unconfirmed"]
    await desk.look(days + 1)
    assert await mailed(MAILBOX) == ["PRIVACY_UNCONFIRMED"]


async def test_who_was_mailed_or_sees_it_was_told(server: RunningServer) -> None:
    desk = await opened(server)
    await desk.asked(await server.sign_up("ada"), residence="CALIFORNIA")

    await desk.look(14)

    assert "PRIVACY_UNCONFIRMED" not in await mailed(MAILBOX)
    [row] = await fetch("SELECT confirmed_at FROM privacy_requests")
    assert row["confirmed_at"] is not None


async def test_what_was_given_up_is_an_alarm(server: RunningServer) -> None:
    desk = await opened(server)
    await desk.asked(await server.sign_up("ada"))
    await execute("UPDATE jobs SET state = 'FAILED' WHERE kind = 'privacy.run'")

    for change in ("", "DELETE FROM jobs WHERE kind = 'privacy.run'"):  # swept away, a week later
        await execute(change or "SELECT 1")
        with capture_logs() as lines:
            await desk.look()

        assert [(line["event"], line["number"]) for line in lines] == [("privacy.given_up", 1)]


def test_it_looks_often_enough_and_somebody_does_it() -> None:
    [entry] = [each for each in CRON if each.kind is WATCH]
    assert entry.every <= timedelta(minutes=15)
    assert WATCH.name in HANDLERS


def test_a_time_in_words() -> None:
    hours = [timedelta(hours=each) for each in (-1, 0, 1.5, 47, 48, 100)]
    assert [in_words(each) for each in hours] == ["0 hours", "0 hours", "1 hours", "47 hours", "2 days", "4 days"]
