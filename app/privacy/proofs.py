"""The mailed link that shows that it is the person: it is mailed, followed once, or runs out.

Its token is made of the row of what was said: what deletes that ends the link, too (docs/adr/0034-intake-and-proof.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from app.accounts.errors import LinkSpent, StepUpRequired
from app.accounts.methods import Method, second_methods
from app.accounts.step_up import require_fresh
from app.audit.service import Action, alias_of
from app.core.db import execute, fetch_one, transaction
from app.core.one_time import OneTimeTokens
from app.core.viewer import Viewer
from app.privacy.asked import Request
from app.privacy.deadlines import due
from app.privacy.errors import RequestEnded
from app.privacy.letters import ask_for_proof, tell
from app.privacy.office import Office
from app.privacy.requests import end, locked, note, open_already, verify
from app.privacy.rights.base import Proof
from app.privacy.rights.registry import RIGHTS
from app.privacy.status import RequestEvent, RequestStatus

PROOF_LASTS = timedelta(days=7)
"""From receipt: then the request ends, and what was said in it is deleted."""
AGAIN_AFTER = timedelta(hours=1)
"""How long whoever asks once more for the same gets no other mail: anybody can ask in the name of any address."""
SPENT = (
    "This link was used, has run out, or was never ours. What was said in a request that nobody confirmed within seven "
    "days is deleted: ask again if you still want it."
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that waits for proof, for whoever came with its link."""

    request: Request
    person: UUID | None
    """Whose account it is about; None: no account has confirmed this address."""
    methods: Sequence[Method]
    """What it takes besides the link: one of these, in a session of that account. Nothing: the link is enough."""
    grace: timedelta
    """How long it may be taken back once it is proved."""


async def mail_link(request: Request, office: Office, references: str = "") -> None:
    """Record the mail with the link, in the caller's transaction; none if there was one within the hour.

    Of a request that was proved already, it is the link that shows where that stands. `references` are Message-IDs.
    """
    now = office.clock.now()
    row = await fetch_one(
        """UPDATE privacy_request_details SET link_mailed_at = $2
           WHERE request_id = $1 AND (link_mailed_at IS NULL OR link_mailed_at <= $3) RETURNING id""",
        request.id,
        now,
        now - AGAIN_AFTER,
    )
    if row is None:
        return
    if request.status is RequestStatus.AWAITING_VERIFICATION:
        await ask_for_proof(request, row["id"], request.received_at + PROOF_LASTS, references)
    else:
        await tell(request, RequestEvent.VERIFIED)


async def waiting(token: str, links: OneTimeTokens, office: Office) -> Waiting:
    """Return what a link is for, which changes nothing. Raises LinkSpent."""
    async with transaction():
        return await _waiting(token, links, office)


async def prove(token: str, viewer: Viewer | None, links: OneTimeTokens, office: Office) -> Request:
    """Take a link as proof that it is the person. Where their account has the same open already, that one goes on.

    Raises LinkSpent, and StepUpRequired where the account has a second factor and what is asked for is worth one.
    """
    async with transaction():
        found = await _waiting(token, links, office)
        if found.methods:
            if viewer is None or viewer.user_id != found.person:
                raise StepUpRequired("Sign in to the account of this address, then open the link again.", found.methods)
            await require_fresh(viewer)
        request = await _given(found.request, found.person, office)
        if not _waits(request):
            return request
        given = request.id == found.request.id and found.request.subject is None
        return await verify(request.id, office, feed_begins=given)


async def decline(token: str, links: OneTimeTokens, office: Office) -> None:
    """End a request of somebody who says that it was not them, and delete what was said in it. Raises LinkSpent."""
    async with transaction():
        request = (await _waiting(token, links, office)).request
        await _destroy(request, RequestStatus.CANCELED, office)


async def expire(request_id: UUID, office: Office) -> None:
    """End a request that nobody proved in time, and delete what was said in it.

    Raises RequestNotFound, and RequestEnded where it waits for nothing, or still may.
    """
    async with transaction():
        request = await locked(request_id)
        if not _waits(request) or not is_over(request, office):
            raise RequestEnded("This request waits for no proof, or its time is not over.", path=("id",))
        await _destroy(request, RequestStatus.EXPIRED, office)


def is_over(request: Request, office: Office) -> bool:
    """Return whether the time for a proof has run out."""
    return request.received_at + PROOF_LASTS <= office.clock.now()


async def account_of(address: str | None) -> UUID | None:
    """Return whose address it was shown to be; None where it is of no account."""
    row = await fetch_one("SELECT id FROM users WHERE confirmed_email = $1", address) if address else None
    return row["id"] if row else None


def _waits(request: Request) -> bool:
    return request.status is RequestStatus.AWAITING_VERIFICATION


async def _waiting(token: str, links: OneTimeTokens, office: Office) -> Waiting:
    """Return what a link is for; the request is locked. Raises LinkSpent."""
    row = await fetch_one("SELECT request_id FROM privacy_request_details WHERE id = $1", links.ticket(token))
    request = await locked(row["request_id"]) if row else None
    if request is None or not _waits(request) or is_over(request, office):
        raise LinkSpent(SPENT, path=("token",))
    person = request.person or await account_of(request.address)
    if request.person and not await _is_there_still(request, links.ticket(token)):
        raise LinkSpent(SPENT, path=("token",))
    scaled = RIGHTS[request.right].proof is Proof.STEP_UP
    methods = await second_methods(person) if person and scaled else []
    rule, known = RIGHTS[request.right], replace(request, person=person)
    grace = await rule.grace(known, office) if person and request.asked else timedelta()
    return Waiting(request, person, methods, grace)


async def _is_there_still(request: Request, ticket: UUID | None) -> bool:
    """Return whether the link of an account's request went to the address that the account has now."""
    row = await fetch_one("SELECT id FROM mails WHERE ticket = $1 AND address = $2", ticket, request.address)
    return row is not None


async def _given(request: Request, person: UUID | None, office: Office) -> Request:
    """Give a request to the account of its address, whose log and feed begin here; return the one that goes on."""
    if person is None or request.person is not None or request.asked is None:
        return request
    subject = await alias_of(person)
    same = await open_already(request.asked, subject, None, proved=True)
    if same is not None:
        await execute("DELETE FROM privacy_requests WHERE id = $1", request.id)
        return await _earlier(await locked(same.id), request, office)
    await execute("UPDATE privacy_request_details SET address = NULL WHERE request_id = $1", request.id)
    await execute("UPDATE privacy_requests SET subject_id = $2 WHERE id = $1", request.id, subject)
    given = await locked(request.id)
    await note(Action.PRIVACY_REQUESTED, given, person)
    return given


async def _earlier(kept: Request, joined: Request, office: Office) -> Request:
    """Have the law's clock run from the first time that it was asked for."""
    received = min(kept.received_at, joined.received_at)
    verified = kept.verified_at or office.clock.now()
    await execute(
        """UPDATE privacy_requests SET received_at = $2, legal_due_at = least(legal_due_at, $3),
             due_at = CASE WHEN extended_at IS NULL THEN least(due_at, $4) ELSE due_at END
           WHERE id = $1""",
        kept.id,
        received,
        joined.legal_due_at,
        due(kept.regime, received, verified, office.zone) if kept.verified_at else None,
    )
    return await locked(kept.id)


async def _destroy(request: Request, status: RequestStatus, office: Office) -> None:
    """End a request that nobody proved. What was said goes first, and the address with it: a stranger's mailbox got one
    mail that said so before, and gets no other.
    """
    await execute("DELETE FROM privacy_request_details WHERE request_id = $1", request.id)
    await end(request.id, status, office)
    if status is RequestStatus.CANCELED:
        await note(Action.PRIVACY_CANCELED, request, request.person)
    else:
        await note(Action.PRIVACY_EXPIRED, request, None)
