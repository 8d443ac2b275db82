"""Commands: send a text to whoever turned on news, stop it, and turn news off by a link."""

from collections.abc import Sequence
from uuid import UUID

from app.consents.office import ConsentOffice
from app.consents.purposes import Method
from app.consents.service import Choice, Way, decide
from app.core import jobs
from app.core.consent_purposes import ConsentPurpose
from app.core.db import execute, fetch, fetch_one, transaction
from app.core.ids import uuid7
from app.core.jobs import JobKind
from app.core.origin import Origin
from app.mail.service import call_back
from app.marketing.errors import NoCampaign, SentBefore
from app.marketing.texts import CampaignText

NOBODY_THERE = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1")
"""Status codes (RFC 3463; RFC 7505) of a mailbox, or a whole domain, that is none, has moved or is shut."""
CAMPAIGN = JobKind("marketing.campaign", queue="bulk", max_failures=100)


async def send(text: CampaignText, *, again: bool = False) -> UUID:
    """Have a text sent to everybody who may be written to; return the campaign's id.

    Raises SentBefore, unless it is wanted `again`: a command that is typed twice writes to nobody twice.
    """
    campaign_id = uuid7()
    async with transaction():
        same = await fetch_one(
            "SELECT id FROM campaigns WHERE subject = $1 AND text = $2 LIMIT 1", text.subject, text.text
        )
        if same is not None and not again:
            raise SentBefore(f"This text is campaign {same['id']} already: change it, or say --again.")
        await execute(
            "INSERT INTO campaigns (id, subject, text, created_at) VALUES ($1, $2, $3, now())",
            campaign_id,
            text.subject,
            text.text,
        )
        await jobs.record(CAMPAIGN, {"campaign": campaign_id})
    return campaign_id


async def stop(campaign_id: UUID) -> int:
    """Have a campaign reach nobody more; return how many mails were called back. Raises NoCampaign."""
    async with transaction():
        found = await fetch_one("SELECT state FROM campaigns WHERE id = $1 FOR UPDATE", campaign_id)
        if found is None:
            raise NoCampaign("There is no such campaign: `anypeople campaigns list` names them.")
        number = await call_back(await _waiting(campaign_id))
        if number or found["state"] == "RUNNING":
            await execute(
                """UPDATE campaigns SET state = 'STOPPED', position_id = NULL,
                     finished_at = coalesce(finished_at, now()) WHERE id = $1""",
                campaign_id,
            )
    return number


async def _waiting(campaign_id: UUID) -> Sequence[UUID]:
    rows = await fetch(
        """SELECT m.id FROM campaign_recipients r JOIN mails m ON m.id = r.mail_id
           WHERE r.campaign_id = $1 AND m.state = 'QUEUED' ORDER BY m.id""",
        campaign_id,
    )
    return [row["id"] for row in rows]


async def unsubscribe(link: UUID, office: ConsentOffice, method: Method, origin: Origin) -> None:
    """Record the withdrawal of whoever got a link; of a link that we never sent, or whose person is gone, nothing.

    Whoever took it back before has no other record of it.
    """
    async with transaction():
        row = await fetch_one("SELECT person_id FROM subscribers WHERE id = $1 FOR KEY SHARE", link)
        if row is not None:
            choice = Choice(ConsentPurpose.MARKETING_EMAIL, False)
            await decide(row["person_id"], [choice], None, office, Way(method, origin))


async def note_undeliverable() -> int:
    """Note the present addresses that mail came back from because nobody is there; return how many.

    A server that has something against us or our letter says so with other codes, or with none that is so clear.
    """
    rows = await fetch(
        """UPDATE subscribers s SET undeliverable = m.address FROM mails m JOIN users u ON u.id = m.person_id
           WHERE m.person_id = s.person_id AND m.address = u.confirmed_email AND m.state = 'BOUNCED'
             AND m.reply_code = ANY($1) AND s.undeliverable IS DISTINCT FROM m.address
           RETURNING s.id""",
        list(NOBODY_THERE),
    )
    return len(rows)
