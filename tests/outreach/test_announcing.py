"""Everybody is told of a material change, once, whatever dies on the way."""

import asyncio
from datetime import timedelta

import pytest

from app.core import jobs
from app.core.consent_purposes import ConsentPurpose
from app.core.db import execute, fetch, transaction
from app.core.jobs import Lease, NotYet
from app.mail.service import MOST_WAITING, PAUSE, SEND_TO_MANY
from app.outreach.announcing import ANNOUNCE, BATCH, NOTICE_POSTED, RETURN, SETTLED, spread
from app.policy.library import library
from app.policy.service import record_acceptance
from app.policy.texts import DocumentKind
from tests.conftest import SignUp
from tests.fakes.carriers import Crash, DirectQueue
from tests.fakes.crashes import CrashPoints, dying_at_commits
from tests.fakes.mail import FakeMailer
from tests.fakes.statements import counted
from tests.outreach.conftest import SUMMARY, VERSION, HandClock, Publish, populate
from workers.runner import Runner

EVERYBODY = 10_000


async def lease() -> Lease:
    """Take the job as a worker does, after the lease of a dead one has lapsed."""
    await execute("UPDATE jobs SET lease_until = now() - interval '1 second' WHERE state = 'RUNNING'")
    await execute("UPDATE jobs SET run_after = now() WHERE kind = $1", ANNOUNCE.name)
    [job] = await fetch("SELECT id, attempt FROM jobs WHERE kind = $1", ANNOUNCE.name)
    taken = await jobs.take(job["id"], job["attempt"], timedelta(minutes=1))
    assert taken is not None
    return taken


async def pass_through(clock: HandClock, dies_at: int | None = None) -> int:
    """Go through all people as workers do, dying at a point of the job; return how many points there were.

    Whenever it waits for mail to be sent, all of it is.
    """
    points, again = CrashPoints(dies_at), True
    while again:
        held = await lease()
        with dying_at_commits(points), pytest.raises((NotYet, Crash)) as ended:
            await asyncio.create_task(spread(held, clock))
        if isinstance(ended.value, NotYet):
            await jobs.give_back(held)
        again = isinstance(ended.value, NotYet) and ended.value.delay == PAUSE
        await execute("UPDATE jobs SET state = 'SUCCEEDED' WHERE kind = $1", SEND_TO_MANY.name)
    assert isinstance(ended.value, NotYet if dies_at is None else Crash)
    return points.passed


async def told() -> dict[str, tuple[int, int]]:
    """Return, of what each person gets, how many there are and how many people got one."""
    [row] = await fetch(
        """SELECT (SELECT (count(*), count(DISTINCT person_id))::text FROM notices) AS notices,
                  (SELECT (count(*), count(DISTINCT person_id))::text FROM mails) AS mails,
                  (SELECT (count(*), count(DISTINCT payload ->> 'mail'))::text FROM jobs
                   WHERE kind = 'mail.send_to_many') AS jobs,
                  (SELECT (count(*), count(DISTINCT (person_id, sequence)))::text FROM feed_entries
                   WHERE type = $1) AS entries""",
        NOTICE_POSTED,
    )
    return {name: tuple(map(int, pair.strip("()").split(","))) for name, pair in row.items()}  # type: ignore[misc]


def each_of(number: int) -> dict[str, tuple[int, int]]:
    return dict.fromkeys(("notices", "mails", "jobs", "entries"), (number, number))


async def test_ten_thousand_people_are_told_once_each_across_crashes(publishing: Publish, clock: HandClock) -> None:
    await populate(EVERYBODY - 1)  # and the officer
    await publishing()

    await pass_through(clock, dies_at=20)  # before the eleventh batch is committed
    assert await told() == each_of(5_000)
    await pass_through(clock, dies_at=9)  # after another five batches, the last of which is committed
    assert await told() == each_of(7_500)
    await pass_through(clock)
    assert await told() == each_of(EVERYBODY)
    await pass_through(clock)  # the next day

    assert await told() == each_of(EVERYBODY)


async def test_a_crash_at_any_point_loses_nobody(publishing: Publish, clock: HandClock) -> None:
    await populate(3)
    await publishing()
    before = await told()
    number = await pass_through(clock)
    assert number >= 4
    for at in range(number):
        await execute("DELETE FROM notices")
        await execute("DELETE FROM mails")
        await execute("DELETE FROM feed_entries")
        await execute("DELETE FROM jobs WHERE kind = 'mail.send_to_many'")
        assert await told() == before

        await pass_through(clock, dies_at=at)
        await pass_through(clock)

        assert await told() == each_of(4), at


async def test_whoever_the_way_had_reached_may_go_and_the_others_are_told_once(
    publishing: Publish, clock: HandClock
) -> None:
    await populate(2 * BATCH)  # and the officer
    await publishing()
    await pass_through(clock, dies_at=2)
    [reached] = await fetch("SELECT position_id FROM announcements")

    await execute("DELETE FROM users WHERE id = $1", reached["position_id"])

    assert await fetch("SELECT position_id FROM announcements") == [{"position_id": None}]
    await pass_through(clock)
    assert (await told())["notices"] == (2 * BATCH, 2 * BATCH)


async def test_no_more_mail_waits_than_leaves_room_for_other_work(publishing: Publish, clock: HandClock) -> None:
    await populate(3 * MOST_WAITING)
    await publishing()

    with pytest.raises(NotYet) as pause:
        await spread(await lease(), clock)

    assert pause.value.delay == PAUSE
    assert (await told())["jobs"] == (MOST_WAITING, MOST_WAITING)


async def test_an_immaterial_change_tells_nobody(publishing: Publish, queue: DirectQueue, runner: Runner) -> None:
    queue.work_with(runner.run)

    await publishing(material=False, effective_at=None)
    await queue.settle()

    assert await fetch("SELECT 1 FROM announcements UNION ALL SELECT 1 FROM notices") == []
    assert await told() == each_of(0)


async def test_whoever_comes_before_it_takes_effect_is_told_too_and_whoever_accepted_it_is_not(
    publishing: Publish, person: SignUp, clock: HandClock
) -> None:
    edition = await publishing()
    await pass_through(clock)
    late, accepting = await person("late"), await person("accepting")
    async with transaction():
        await record_acceptance(accepting.viewer.user_id, edition.document, clock.now())

    await pass_through(clock)

    rows = await fetch("SELECT person_id FROM notices ORDER BY created_at")
    assert [row["person_id"] for row in rows][1:] == [late.viewer.user_id]


async def test_it_comes_back_daily_and_ends_a_little_after_the_version_took_effect(
    publishing: Publish, clock: HandClock
) -> None:
    edition = await publishing()
    with pytest.raises(NotYet) as early:
        await spread(await lease(), clock)
    clock.time = edition.effective_at
    with pytest.raises(NotYet) as late:
        await spread(await lease(), clock)
    clock.time = edition.effective_at + SETTLED
    await spread(await lease(), clock)

    assert (early.value.delay, late.value.delay) == (RETURN, SETTLED)
    assert [row["state"] for row in await fetch("SELECT state FROM jobs WHERE kind = $1", ANNOUNCE.name)] == [
        "SUCCEEDED"
    ]
    [row] = await fetch("SELECT finished_at IS NOT NULL AS ended FROM announcements")
    assert row["ended"]


async def test_a_worker_that_lost_its_lease_tells_nobody(publishing: Publish, clock: HandClock) -> None:
    await publishing()
    stale = await lease()
    await lease()

    with pytest.raises(jobs.LeaseLost):
        await spread(stale, clock)

    assert await told() == each_of(0)


async def test_a_batch_is_a_fixed_number_of_statements(publishing: Publish, clock: HandClock) -> None:
    await populate(499)
    await publishing()
    held = await lease()

    with counted() as many, pytest.raises(NotYet):
        await spread(held, clock)

    assert len(many) <= 19, many.sent  # a full batch, the empty one, and the end


async def test_the_mail_says_what_changes_and_what_is_asked_again(
    publishing: Publish, queue: DirectQueue, runner: Runner, mailer: FakeMailer, clock: HandClock
) -> None:
    queue.work_with(runner.run)
    edition = await publishing(asks_again=(ConsentPurpose.MARKETING_EMAIL, ConsentPurpose.FACE_REFERENCE_IMAGES))
    await queue.settle()
    for name, job_id, attempt in await jobs.claim_due(timedelta()):
        assert name == "bulk"
        await runner.run(job_id, attempt)

    [letter] = mailer.letters
    day = f"{edition.effective_at:%d %B %Y}".lstrip("0")
    assert letter.subject == f"Our privacy policy changes on {day}"
    for form in (letter.text, letter.html):
        assert SUMMARY in form
        assert day in form
        assert f"/privacy/{VERSION}/changes" in form
        assert "news by mail, reference pictures that show faces" in form
        assert "help@people.test" in form


async def test_whoever_confirms_an_address_later_is_written_to_then(publishing: Publish, clock: HandClock) -> None:
    await execute("UPDATE users SET confirmed_email = NULL")
    await publishing()
    await pass_through(clock)
    assert await told() == each_of(0)
    await execute("UPDATE users SET confirmed_email = email")

    await pass_through(clock)

    assert await told() == each_of(1)


async def test_without_a_confirmed_address_the_notice_is_all(publishing: Publish, clock: HandClock) -> None:
    await execute("UPDATE users SET confirmed_email = NULL")
    edition = await publishing()
    clock.time = edition.effective_at + SETTLED

    await spread(await lease(), clock)

    assert (await told())["notices"] == (1, 1)
    assert (await told())["mails"] == (0, 0)


async def test_the_last_way_is_a_whole_one(publishing: Publish, clock: HandClock) -> None:
    await execute("UPDATE users SET confirmed_email = NULL")
    edition = await publishing()
    await execute("UPDATE announcements SET position_id = (SELECT max(id::text)::uuid FROM users)")  # and it died there
    clock.time = edition.effective_at + SETTLED

    with pytest.raises(NotYet):
        await spread(await lease(), clock)
    await spread(await lease(), clock)

    assert (await told())["notices"] == (1, 1)


async def test_a_published_text_that_changed_is_announced_to_nobody(publishing: Publish, clock: HandClock) -> None:
    await publishing()
    await execute("UPDATE document_versions SET sha256 = repeat('0', 64)")

    with pytest.raises(Exception, match=VERSION):
        await spread(await lease(), clock)

    assert library().find(DocumentKind.PRIVACY, VERSION) is not None
    assert await told() == each_of(0)
