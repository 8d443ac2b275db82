"""Write to whoever turned on news, once each.

A job goes through all people in batches. Each batch is one transaction: who of them may be written to, that they were,
their mail, and how far the campaign came. So a job that dies is gone on with, and nobody is written to twice.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from app.accounts.directory import people_behind
from app.core import jobs
from app.core.db import Row, execute, fetch, fetch_one, transaction
from app.core.ids import uuid7
from app.core.jobs import Lease
from app.mail.kinds import MailKind
from app.mail.service import Recipient, check_room, record_mails
from app.marketing.readership import BATCH, Reader, Readership


async def spread(lease: Lease, readership: Readership) -> None:
    """Go on with a campaign, to the last person. Raises NotYet where mail waits to be sent, and LeaseLost."""
    more = True
    while more:
        await check_room()
        more = await _next_batch(lease, UUID(lease.payload["campaign"]), readership)


async def _next_batch(lease: Lease, campaign_id: UUID, readership: Readership) -> bool:
    """Write to the next people; return whether there were any. Behind the last one the campaign ends, and its job."""
    async with transaction():
        await jobs.hold(lease)
        campaign = await fetch_one(
            "SELECT id, subject, text, position_id FROM campaigns WHERE id = $1 AND state = 'RUNNING' FOR UPDATE",
            campaign_id,
        )
        people = await people_behind(campaign["position_id"], BATCH) if campaign else []
        if campaign is None or not people:
            await end(campaign_id, "ENDED")
            await jobs.complete(lease)
            return False
        number = await _write(campaign, await readership.among([person.id for person in people]))
        await execute(
            "UPDATE campaigns SET position_id = $2, recipients = recipients + $3 WHERE id = $1",
            campaign_id,
            people[-1].id,
            number,
        )
    return True


async def end(campaign_id: UUID, state: str) -> None:
    """End a campaign that runs, in the caller's transaction."""
    await execute(
        """UPDATE campaigns SET state = $2, position_id = NULL, finished_at = now()
           WHERE id = $1 AND state = 'RUNNING'""",
        campaign_id,
        state,
    )


async def _write(campaign: Row, readers: Mapping[UUID, Reader]) -> int:
    """Record the mail of each reader who has none of this campaign yet; return how many that were."""
    people = sorted(readers)  # in one order everywhere, or two campaigns wait for each other
    links = await _links(people)
    said = {"subject": campaign["subject"], "text": campaign["text"]}
    wanted = [
        Recipient(person, readers[person].address, {"name": readers[person].name, **said}, links[person])
        for person in people
    ]
    new = await _note(campaign["id"], wanted)
    await record_mails(MailKind.NEWS, [recipient for recipient in wanted if recipient.mail in new])
    return len(new)


async def _note(campaign_id: UUID, wanted: Sequence[Recipient]) -> set[UUID]:
    """Insert recipients; return the mails of the new ones."""
    rows = await fetch(
        """INSERT INTO campaign_recipients (id, campaign_id, person_id, mail_id)
           SELECT id, $4, person, mail FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS wanted (id, person, mail)
           ON CONFLICT (campaign_id, person_id) DO NOTHING RETURNING mail_id""",
        [uuid7() for _ in wanted],
        [recipient.person for recipient in wanted],
        [recipient.mail for recipient in wanted],
        campaign_id,
    )
    return {row["mail_id"] for row in rows}


async def _links(people: Sequence[UUID]) -> Mapping[UUID, UUID]:
    """Return what stands in each person's links; whoever has none yet gets a random one."""
    await execute(
        """INSERT INTO subscribers (id, person_id, created_at)
           SELECT gen_random_uuid(), person, now() FROM unnest($1::uuid[]) AS found (person)
           ON CONFLICT (person_id) DO NOTHING""",
        list(people),
    )
    rows = await fetch("SELECT person_id, id FROM subscribers WHERE person_id = ANY($1)", list(people))
    return {row["person_id"]: row["id"] for row in rows}
