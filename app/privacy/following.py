"""Whoever has the link of a request follows it, without an account: it is mailed once we know that it is the person."""

from uuid import UUID

from app.accounts.errors import LinkSpent
from app.core.db import fetch_one, transaction
from app.core.one_time import OneTimeTokens
from app.privacy.asked import COLUMNS, FROM, Request, request_of
from app.privacy.office import Office
from app.privacy.requests import cancel
from app.privacy.retention import ANSWERED_FOR

GONE = "There is nothing behind this link, or not any more: it is good until 30 days after a request has ended."


async def followed(token: str, links: OneTimeTokens, office: Office) -> Request:
    """Return the request of a link. Raises LinkSpent, also 30 days after its end."""
    row = await fetch_one(f"SELECT {COLUMNS} FROM {FROM} WHERE r.id = $1", links.ticket(token))  # noqa: S608
    request = request_of(row) if row else None
    if request is None or (request.finished_at and request.finished_at + ANSWERED_FOR <= office.clock.now()):
        raise LinkSpent(GONE, path=("token",))
    return request


async def take_back(token: str, links: OneTimeTokens, office: Office) -> Request:
    """Take back the request of a link. Raises LinkSpent, RequestEnded."""
    async with transaction():
        request = await followed(token, links, office)
        return await cancel(request.id, office, actor=None)


def status_link(request_id: UUID, links: OneTimeTokens) -> str:
    """Return the path of the page of a request, for whoever was shown to be its person."""
    return f"/requests/status?token={links.token(request_id)}"
