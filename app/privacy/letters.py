"""What a person is told of their request by mail, in the transaction in which it happens."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from app.core.days import day
from app.core.db import execute
from app.core.privacy_rights import PrivacyRight
from app.mail.kinds import MailKind
from app.mail.service import record_mail
from app.privacy.asked import Request
from app.privacy.status import Channel, RequestEvent
from app.support.topics import RIGHTS

_KINDS: Mapping[RequestEvent, MailKind] = {
    RequestEvent.VERIFIED: MailKind.PRIVACY_REQUEST_VERIFIED,
    RequestEvent.COMPLETED: MailKind.PRIVACY_REQUEST_COMPLETED,
    RequestEvent.DENIED: MailKind.PRIVACY_REQUEST_DENIED,
    RequestEvent.CANCELED: MailKind.PRIVACY_REQUEST_CANCELED,
    RequestEvent.EXPIRED: MailKind.PRIVACY_REQUEST_EXPIRED,
    RequestEvent.EXTENDED: MailKind.PRIVACY_REQUEST_EXTENDED,
}
_OF_ACCOUNTS: Mapping[RequestEvent, MailKind] = {
    RequestEvent.VERIFIED: MailKind.ERASURE_VERIFIED,
    RequestEvent.CANCELED: MailKind.ERASURE_CANCELED,
}
"""What is said otherwise where a whole account is to be erased, and is locked until then."""


async def ask_for_proof(request: Request, ticket: UUID, until: datetime, references: str) -> None:
    """Record the mail whose link shows that it is the person, in the caller's transaction.

    `ticket` is what the link is made of, `references` the Message-IDs of what it answers.
    """
    if request.address is None:
        return
    values = {
        "right": in_words(request.right),
        "received": day(request.received_at),
        "until": day(until),
        "staff": _staff(request),
        "references": references,
    }
    kind = MailKind.PRIVACY_REQUEST_RECEIVED
    await record_mail(kind, request.address, person=request.person, values=values, ticket=ticket)


async def tell(request: Request, event: RequestEvent) -> None:
    """Record the mail of an event, in the caller's transaction; without an address there is nobody to write to."""
    if request.address is None:
        return
    values = {
        "right": in_words(request.right),
        "due": day(request.due_at) if request.due_at else "",
        "reason": request.denial_text or "",
        "extension": request.extension_text or "",
        "grace": _grace(request),
        "staff": _staff(request),
    }
    await record_mail(_kind(request, event), request.address, person=request.person, values=values, ticket=request.id)
    await confirmed(request.id)


async def confirmed(request_id: UUID) -> None:
    """Note that the person was told that the request arrived, in the caller's transaction; the first time counts."""
    await execute("UPDATE privacy_requests SET confirmed_at = coalesce(confirmed_at, now()) WHERE id = $1", request_id)


def _kind(request: Request, event: RequestEvent) -> MailKind:
    return _OF_ACCOUNTS.get(event, _KINDS[event]) if request.erases_account else _KINDS[event]


def in_words(right: PrivacyRight) -> str:
    """Return what the right is, as whoever chose it read it."""
    return RIGHTS[right]


def _staff(request: Request) -> str:
    if request.channel is not Channel.STAFF:
        return ""
    return "Somebody who works here entered it, because you asked us to. If you did not, write to the address below."


def _grace(request: Request) -> str:
    if request.starts_at is None or request.verified_at is None or request.starts_at <= request.verified_at:
        return ""
    return f"It begins on {day(request.starts_at)}: until then you may take it back, at the page behind this link."
