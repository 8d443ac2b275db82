"""Reads of campaigns, by the operator: texts and numbers, and nobody's data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core.db import Row, fetch, fetch_one
from app.marketing.errors import NoCampaign


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign, and how far it came."""

    id: UUID
    subject: str
    text: str
    state: str
    recipients: int
    created_at: datetime
    finished_at: datetime | None


_CAMPAIGNS = "SELECT id, subject, text, state, recipients, created_at, finished_at FROM campaigns"


async def campaigns(first: int) -> Sequence[Campaign]:
    """Return the latest campaigns, at most `first`."""
    return [_campaign(row) for row in await fetch(f"{_CAMPAIGNS} ORDER BY id DESC LIMIT $1", first)]


async def campaign(campaign_id: UUID) -> Campaign:
    """Return a campaign. Raises NoCampaign."""
    row = await fetch_one(f"{_CAMPAIGNS} WHERE id = $1", campaign_id)
    if row is None:
        raise NoCampaign("There is no such campaign: `anypeople campaigns list` names them.")
    return _campaign(row)


async def mails(campaign_id: UUID) -> Mapping[str, int]:
    """Return how many of a campaign's mails are in which state; those that are forgotten by now are not counted."""
    rows = await fetch(
        """SELECT m.state, count(*) AS number FROM campaign_recipients r JOIN mails m ON m.id = r.mail_id
           WHERE r.campaign_id = $1 GROUP BY m.state ORDER BY m.state""",
        campaign_id,
    )
    return {row["state"]: row["number"] for row in rows}


def _campaign(row: Row) -> Campaign:
    return Campaign(**row)
