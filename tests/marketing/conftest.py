"""Many people, some of whom turned on news; and a campaign that goes through them as workers take it there."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from app.core import jobs
from app.core.db import execute, fetch
from app.core.jobs import Lease, NotYet
from app.mail.service import SEND_TO_MANY, PostOffice
from app.marketing.readership import Readership
from app.marketing.service import CAMPAIGN
from app.marketing.spreading import spread
from app.marketing.texts import CampaignText
from tests.fakes.carriers import Crash
from tests.fakes.consents import purpose_limitation
from tests.fakes.crashes import CrashPoints, dying_at_commits

TEXT = CampaignText("What is new", "First <b>this</b>.\n\nThen {that}: https://people.test/new")
READERSHIP = Readership(purpose_limitation())
AT_ONCE = 8


async def populate(number: int, subscribed: int) -> None:
    """Make that many accounts with a confirmed address; the consent of so many is on record. Four statements."""
    await execute(
        """INSERT INTO users (id, email, confirmed_email, display_name, adult_attested_at, policy_version, created_at)
           SELECT id, id || '@example.com', id || '@example.com', 'Somebody', now(), '2026-03-24', now()
           FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, $1)) AS made""",
        number,
    )
    await execute("INSERT INTO subject_aliases (id, user_id) SELECT gen_random_uuid(), id FROM users")
    rows = await fetch("SELECT id FROM users ORDER BY md5(id::text) LIMIT $1", subscribed)
    await say([row["id"] for row in rows], granted=True)


async def say(people: Sequence[UUID], *, granted: bool) -> None:
    """Put the yes or no of people on record, by one statement."""
    await execute(
        """INSERT INTO consent_records (id, principal_id, sequence, purpose, granted, decided_at, policy_version,
             notice_sha256, method, receipt)
           SELECT gen_random_uuid(), a.id, 1 + (SELECT count(*) FROM consent_records c WHERE c.principal_id = a.id),
             'MARKETING_EMAIL', $2, now(), '2026-03-24', '', 'API', ''
           FROM subject_aliases a WHERE a.user_id = ANY($1)""",
        list(people),
        granted,
    )


async def lease() -> Lease:
    """Take the campaign's job as a worker does, after the lease of a dead one has lapsed."""
    await execute("UPDATE jobs SET lease_until = now() - interval '1 second' WHERE state = 'RUNNING'")
    [job] = await fetch("SELECT id, attempt FROM jobs WHERE kind = $1 AND finished_at IS NULL", CAMPAIGN.name)
    taken = await jobs.take(job["id"], job["attempt"], timedelta(minutes=1))
    assert taken is not None
    return taken


async def go_on(dies_at: int | None = None) -> bool:
    """Go on with the campaign until it ends, waits for mail to be sent, or dies; return whether it ended."""
    held = await lease()
    try:
        with dying_at_commits(CrashPoints(dies_at)):
            await asyncio.create_task(spread(held, READERSHIP))
    except NotYet:
        await jobs.give_back(held)
        return False
    except Crash:
        return False
    return True


async def hand_over(office: PostOffice, every: int = 1) -> set[str]:
    """Do the jobs that send a mail to many, several at once: those of whoever said no meanwhile, and of the others each
    `every`th. What the post office asks of each mail is asked of the rest all at once; return where they would go.
    """
    chosen = await _chosen(every)
    rows = await fetch(
        """UPDATE jobs SET attempt = attempt + 1, state = CASE WHEN payload ->> 'mail' = ANY($2) THEN 'RUNNING'
             ELSE 'SUCCEEDED' END, finished_at = CASE WHEN payload ->> 'mail' = ANY($2) THEN NULL ELSE now() END
           WHERE kind = $1 AND state = 'QUEUED' RETURNING id, attempt, payload ->> 'mail' AS mail""",
        SEND_TO_MANY.name,
        list(chosen),
    )
    reached = await _rest([UUID(row["mail"]) for row in rows if row["mail"] not in chosen])
    leases = [
        Lease(row["id"], row["attempt"], SEND_TO_MANY.name, "bulk", {"mail": row["mail"]}, 0)
        for row in rows
        if row["mail"] in chosen
    ]

    async def some(part: Sequence[Lease]) -> None:
        for each in part:
            await office.send(each)

    await asyncio.gather(*(some(leases[start::AT_ONCE]) for start in range(AT_ONCE)))
    return reached


async def _chosen(every: int) -> set[str]:
    rows = await fetch(
        """SELECT id::text, row_number() OVER (ORDER BY id) % $1 = 0 OR (
             SELECT NOT granted FROM consent_records c JOIN subject_aliases a ON a.id = c.principal_id
             WHERE a.user_id = m.person_id ORDER BY sequence DESC LIMIT 1) AS chosen
           FROM mails m WHERE state = 'QUEUED'""",
        every,
    )
    return {row["id"] for row in rows if row["chosen"]}


async def _rest(mails: Sequence[UUID]) -> set[str]:
    """End mails as the post office would, without a letter; return the addresses that it would have sent one to."""
    rows = await fetch("SELECT id, person_id, address FROM mails WHERE id = ANY($1) AND state = 'QUEUED'", list(mails))
    readers = await READERSHIP.among([row["person_id"] for row in rows])
    good = [row for row in rows if row["person_id"] in readers and readers[row["person_id"]].address == row["address"]]
    await execute("UPDATE mails SET state = 'SENT', ended_at = now() WHERE id = ANY($1)", [row["id"] for row in good])
    assert len(good) == len(rows)
    return {row["address"] for row in good}
