"""`anypeople campaigns`: news by mail, for the operator."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from app.cli.errors import CommandFailed
from app.cli.supervisor import database
from app.consents.enforcement import PurposeLimitation
from app.consents.notices import PublishedNotices
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.db import connected
from app.core.personal_data import Activity
from app.integrations.mail import mailer_of
from app.mail.carriers import mail_processor
from app.marketing import queries, service
from app.marketing.queries import Campaign
from app.marketing.readership import Readership
from app.marketing.texts import CampaignText, campaign_text
from app.registries import PERSONAL_DATA

T = TypeVar("T")
SHOWN = 50
NOT_COVERED = (
    "ANYPEOPLE_SMTP_MARKETING: set it to true where the agreement with whoever carries the mail covers news to people "
    "who turned them on. Nothing was sent."
)


def send(settings: Settings, content: str, *, again: bool) -> UUID:
    """Have a text sent; return the campaign's id. Raises AppError, CommandFailed, EmbeddedError."""
    text = campaign_text(content)
    mailer = mailer_of(settings)
    carrier = mail_processor(settings.mail, mailer.processor, is_local=mailer.is_local)
    if Activity.MARKETING not in carrier.activities:
        raise CommandFailed(NOT_COVERED)
    return _with_database(settings, lambda: service.send(text, again=again))


def readers(settings: Settings, content: str) -> tuple[CampaignText, int]:
    """Return what a file says, and how many it would reach now. Raises AppError, EmbeddedError."""
    limitation = PurposeLimitation.of(PERSONAL_DATA.values(), PublishedNotices(), SystemClock())
    return campaign_text(content), _with_database(settings, Readership(limitation).count)


def stop(settings: Settings, campaign_id: UUID) -> int:
    """Stop a campaign; return how many mails were called back. Raises AppError, EmbeddedError."""
    return _with_database(settings, lambda: service.stop(campaign_id))


def latest(settings: Settings) -> Sequence[Campaign]:
    """Return the latest campaigns. Raises EmbeddedError."""
    return _with_database(settings, lambda: queries.campaigns(SHOWN))


def standing(settings: Settings, campaign_id: UUID) -> tuple[Campaign, Mapping[str, int]]:
    """Return a campaign, and how many of its mails are in which state. Raises AppError, EmbeddedError."""

    async def read() -> tuple[Campaign, Mapping[str, int]]:
        return await queries.campaign(campaign_id), await queries.mails(campaign_id)

    return _with_database(settings, read)


def _with_database(settings: Settings, work: Callable[[], Awaitable[T]]) -> T:
    async def run(url: str) -> T:
        async with connected(url, pool_size=1):
            return await work()

    with database(settings) as url:
        return asyncio.run(run(url))
