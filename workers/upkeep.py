"""Jobs that delete what is over."""

from app.accounts import api_keys, challenges, grants, passkeys, questions, sessions, tickets
from app.core import jobs
from app.core.jobs import Lease
from app.core.upkeep import sweep
from app.mail.service import delete_ended
from app.marketing.service import delete_recipients, note_undeliverable
from app.media.avatars import delete_old_sources
from app.support.service import delete_old
from workers.context import WorkerContext
from workers.handlers import Handler


async def run(_context: WorkerContext, lease: Lease) -> None:
    """Delete finished jobs, mail that ended a week ago, and what expired: sign-ins, sessions, keys, links."""
    await sweep()
    await note_undeliverable()
    expired = (
        sessions.delete_expired,
        challenges.delete_expired,
        passkeys.delete_expired_challenges,
        tickets.delete_expired,
        questions.delete_expired,
        api_keys.delete_expired,
        grants.delete_expired,
        delete_old_sources,
        delete_ended,
        delete_recipients,
        delete_old,
    )
    for batch in expired:
        while await batch():
            await jobs.hold(lease)
    await jobs.complete(lease)


HANDLER = Handler(run)
