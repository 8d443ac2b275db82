"""Commands of officers, and of the operator: extend a request, once and in time; deny it; have it carried out again.

`actor` None is the operator. Each is in one transaction with its mail, its entry of the feed and that of the log.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

import orjson

from app.accounts.errors import OwnAccount
from app.accounts.staff import checked_reason
from app.audit.service import Action
from app.core import idempotency, jobs
from app.core.db import execute, fetch_one, transaction
from app.core.errors import InvalidInput
from app.core.keys import keyed_hash
from app.core.viewer import Viewer
from app.privacy.asked import Request
from app.privacy.deadlines import end_of_day, extended_due
from app.privacy.errors import CannotExtend, RequestEnded
from app.privacy.letters import tell
from app.privacy.office import Office
from app.privacy.requests import RUN_REQUEST, announce, deny, locked, note, stop
from app.privacy.rights.registry import rule_of
from app.privacy.status import CANCELABLE, RUNNABLE, RequestEvent, RequestStatus


class DenialCode(StrEnum):
    """Why an officer does not grant a request. The values are stored and appear in the API."""

    NOT_THE_PERSON = "NOT_THE_PERSON"
    UNFOUNDED = "UNFOUNDED"
    EXCESSIVE = "EXCESSIVE"
    LEGAL_DUTY = "LEGAL_DUTY"
    LEGAL_CLAIMS = "LEGAL_CLAIMS"
    RIGHTS_OF_OTHERS = "RIGHTS_OF_OTHERS"
    NOT_APPLICABLE = "NOT_APPLICABLE"


DENIALS = {
    DenialCode.NOT_THE_PERSON: "It was not shown that it is the person (Art. 12(2) and (6)).",
    DenialCode.UNFOUNDED: "It is manifestly unfounded (Art. 12(5)).",
    DenialCode.EXCESSIVE: "It is excessive, as of somebody who asks for the same again and again (Art. 12(5)).",
    DenialCode.LEGAL_DUTY: "A law obliges us to keep what it is about (Art. 17(3)(b)).",
    DenialCode.LEGAL_CLAIMS: "It is needed for legal claims (Art. 17(3)(e), 21(1)).",
    DenialCode.RIGHTS_OF_OTHERS: "It would harm the rights of others (Art. 15(4), 20(4)).",
    DenialCode.NOT_APPLICABLE: "The right does not cover it.",
}


@dataclass(frozen=True, slots=True)
class Keyed:
    """What makes a call of somebody who is signed in one call, however often it comes."""

    viewer: Viewer
    operation: str
    key: str
    hash_key: bytes


async def once(keyed: Keyed, request_id: UUID, said: object, decide: Callable[[], Awaitable[Request]]) -> Request:
    """Decide something, once for a key; return the request. Raises IdempotencyMismatch, IdempotencyInProgress."""
    input_hash = keyed_hash(keyed.hash_key, orjson.dumps([request_id, said]))
    person, operation = keyed.viewer.user_id, keyed.operation
    async with transaction():
        if await idempotency.begin(person, operation, keyed.key, input_hash) is not None:
            return await locked(request_id)
        request = await decide()
        await idempotency.finish(person, operation, keyed.key, input_hash, request_id)
    return request


async def extend(
    request_id: UUID, reason: str, office: Office, *, actor: UUID | None, until: date | None = None
) -> Request:
    """Have a request answered later, by the end of `until` (None: as late as the law lets it), and mail the reason.

    It is possible once, and only before the time is over (Art. 12(3) GDPR; Cal. Code Regs. tit. 11, 7021(b)). Raises
    InvalidInput, RequestNotFound, CannotExtend.
    """
    reason = checked_reason(reason)
    async with transaction():
        request = await _of_another(request_id, actor)
        latest = extended_due(request.regime, request.received_at, office.zone)
        last = min(end_of_day(until, office.zone), latest) if until else latest
        if until and (last < end_of_day(until, office.zone) or (request.due_at and last <= request.due_at)):
            raise InvalidInput(
                f"It is a day after the present one, and {latest.astimezone(office.zone):%Y-%m-%d} at the latest.",
                path=("until",),
            )
        # Whoever got here waited for the row's lock, perhaps beyond the end: the statement itself looks at the clock.
        row = await fetch_one(
            """UPDATE privacy_requests SET extended_at = $2, extended_until = $3, due_at = $3, reminded = reminded & 16
               WHERE id = $1 AND extended_at IS NULL AND status = ANY($4)
                 AND due_at > greatest($2, clock_timestamp()) AND due_at < $3 RETURNING id""",
            request_id,
            office.clock.now(),
            last,
            [status.value for status in RUNNABLE],
        )
        if row is None:
            raise CannotExtend(_why_not(request), path=("id",))
        await execute("UPDATE privacy_request_details SET extension = $2 WHERE request_id = $1", request_id, reason)
        request = await locked(request_id)
        await announce(request, RequestEvent.EXTENDED)
        await tell(request, RequestEvent.EXTENDED)
        await note(Action.PRIVACY_EXTENDED, request, actor, reason)
    return request


async def refuse(request_id: UUID, code: DenialCode, reason: str, office: Office, *, actor: UUID | None) -> Request:
    """Not grant a request of which nothing is done yet; the person is told why, and how to complain.

    Raises InvalidInput, RequestNotFound, RequestEnded.
    """
    reason = checked_reason(reason)
    async with transaction():
        await stop(request_id)
        request = await _of_another(request_id, actor)
        if request.status not in CANCELABLE:
            raise RequestEnded("It is being carried out, or has ended: it cannot be denied any more.", path=("id",))
        if request.status is RequestStatus.VERIFIED:
            await rule_of(request).canceled(request)
        return await deny(request, code.value, reason, office, actor=actor)


async def retry(request_id: UUID, *, actor: UUID | None) -> Request:
    """Have a request carried out again whose job was given up. It goes on with the first step that is not done.

    Raises RequestNotFound, RequestEnded.
    """
    async with transaction():
        job_id, state = await _job_of(request_id)
        request = await _of_another(request_id, actor)
        if request.status not in RUNNABLE:
            raise RequestEnded("It waits for a proof, or has ended: there is nothing to carry out.", path=("id",))
        if state in ("QUEUED", "RUNNING") or request.job_id != job_id:  # it got another one meanwhile
            raise RequestEnded("It is being carried out, or will be by itself.", path=("id",))
        job_id = await jobs.record(RUN_REQUEST, {"request": request_id})
        await execute("UPDATE privacy_requests SET job_id = $2 WHERE id = $1", request_id, job_id)
        await note(Action.PRIVACY_RETRIED, request, actor)
        return await locked(request_id)


async def _of_another(request_id: UUID, actor: UUID | None) -> Request:
    """Return a request, locked. Raises RequestNotFound, and OwnAccount where it is the officer's own."""
    request = await locked(request_id)
    if actor is not None and request.person == actor:
        raise OwnAccount("This request is your own: another officer decides about it.", path=("id",))
    return request


async def _job_of(request_id: UUID) -> tuple[UUID | None, str | None]:
    """Return the job of a request, and how it stands; jobs are locked before requests. No state: it is swept away."""
    row = await fetch_one("SELECT job_id FROM privacy_requests WHERE id = $1", request_id)
    job_id = row["job_id"] if row else None
    job = await fetch_one("SELECT state FROM jobs WHERE id = $1 FOR UPDATE", job_id)
    return job_id, job["state"] if job else None


def _why_not(request: Request) -> str:
    if request.extended_at is not None:
        return "It was extended already: that is possible once."
    if request.status not in RUNNABLE:
        return "It waits for a proof, or has ended: there is no time to extend."
    return "Its time is over, or cannot become longer: answer it now, and say why it took so long."
