"""Commands: open a request, know that it is the person, take it back. Each change is a row, an entry of the person's
feed and one of their log, in one transaction.
"""

from dataclasses import dataclass
from uuid import UUID

from app.audit.service import Action, alias_of, record
from app.core import feed, jobs
from app.core.db import execute, fetch, fetch_one, transaction
from app.core.ids import uuid7
from app.core.jobs import JobKind
from app.core.personal_data import Activity
from app.core.privacy_rights import PrivacyRight
from app.privacy.asked import COLUMNS, FROM, Asked, Request, request_of
from app.privacy.deadlines import due, legal_due
from app.privacy.errors import RequestEnded, RequestNotFound
from app.privacy.letters import confirmed, tell
from app.privacy.office import Office
from app.privacy.rights.registry import RIGHTS, rule_of
from app.privacy.status import CANCELABLE, OPEN, TERMINAL, Channel, Regime, RequestEvent, RequestStatus

RUN_REQUEST = JobKind("privacy.run", queue="bulk", max_failures=20)
"""It is tried again for about a quarter of an hour, and then waits for `retryPrivacyRequest`."""
MOST_OPEN = 100
"""Open requests for one right of somebody that are looked through."""


@dataclass(frozen=True, slots=True)
class Requester:
    """Who asks. `person` where it is somebody's account, `address` where it is answered else."""

    person: UUID | None
    channel: Channel
    address: str | None = None
    proved: bool = False
    """Whether it is known already that it is them."""
    staff: UUID | None = None
    """Who asks on their behalf."""


async def open_request(asked: Asked, who: Requester, office: Office) -> tuple[UUID, bool]:
    """Record what somebody asks for, in the caller's transaction; return the request, and whether it is new.

    Who asks once more for what is open already is told of that one. Raises InvalidInput.
    """
    rule = RIGHTS[asked.right]
    rule.check(asked)
    async with transaction():
        subject = await alias_of(who.person) if who.person else None
        found = await open_already(asked, subject, who.address, proved=who.proved)
        if found is not None:
            if who.proved and found.status is RequestStatus.AWAITING_VERIFICATION:
                await verify(found.id, office)
            return found.id, False
        request_id, now = uuid7(), office.clock.now()
        regime = asked.residence.regime if asked.residence else Regime.OTHER
        await execute(
            """INSERT INTO privacy_requests
                 (id, subject_id, submitted_by_id, privacy_right, regime, channel, status, received_at, legal_due_at)
               VALUES ($1, $2, $3, $4, $5, $6, 'AWAITING_VERIFICATION', $7, $8)""",
            request_id,
            subject,
            await alias_of(who.staff) if who.staff else None,
            asked.right.value,
            regime.value,
            who.channel.value,
            now,
            legal_due(regime, now, office.zone),
        )
        await execute(
            "INSERT INTO privacy_request_details (id, request_id, address, content) VALUES ($1, $2, $3, $4)",
            uuid7(),
            request_id,
            who.address,
            asked.encode(),
        )
        if who.channel is Channel.SIGNED_IN:
            await confirmed(request_id)  # they see it
        request = await locked(request_id)
        await note(Action.PRIVACY_REQUESTED, request, who.staff or who.person)
        if who.proved:
            await verify(request_id, office, feed_begins=True)
        else:
            await announce(request, RequestEvent.RECEIVED)
    return request_id, True


async def verify(request_id: UUID, office: Office, *, feed_begins: bool = False) -> Request:
    """Note that we know that it is the person: from now on our own clock runs. What is not granted ends here.

    `feed_begins`: the person's feed does not say yet that it was received. Raises RequestNotFound, and RequestEnded
    where it is known already, or too late.
    """
    async with transaction():
        request = await locked(request_id)
        if request.status is not RequestStatus.AWAITING_VERIFICATION or request.asked is None:
            raise RequestEnded("This request waits for no proof (any more).", path=("id",))
        rule, now = rule_of(request), office.clock.now()
        starts_at = now + await rule.grace(request, office)
        job_id = await jobs.record(RUN_REQUEST, {"request": request_id}, delay=starts_at - now)
        await execute(
            """UPDATE privacy_requests
               SET status = 'VERIFIED', verified_at = $2, due_at = $3, starts_at = $4, job_id = $5 WHERE id = $1""",
            request_id,
            now,
            due(request.regime, request.received_at, now, office.zone),
            starts_at,
            job_id,
        )
        request = await locked(request_id)
        denial = await rule.refusal(request)
        if denial is None:
            await rule.verified(request)  # before the feed, which is locked last: it may stop what is being made
        if feed_begins:
            await announce(request, RequestEvent.RECEIVED)
        await announce(request, RequestEvent.VERIFIED)
        if denial is not None:
            await jobs.cancel([job_id])
            return await deny(request, denial.code, denial.reason, office, actor=None)
        await tell(request, RequestEvent.VERIFIED)
    return request


async def deny(request: Request, code: str, reason: str, office: Office, *, actor: UUID | None) -> Request:
    """Not grant a request that is open, in the caller's transaction; the person is told why."""
    await execute("UPDATE privacy_request_details SET denial = $2 WHERE request_id = $1", request.id, reason)
    await execute("UPDATE privacy_requests SET denial = $2 WHERE id = $1", request.id, code)
    denied = await end(request.id, RequestStatus.DENIED, office)
    await note(Action.PRIVACY_DENIED, denied, actor, reason)
    return denied


async def cancel(request_id: UUID, office: Office, *, actor: UUID | None) -> Request:
    """Take a request back, as long as nothing of it is done. `actor` None: whoever has the link of the request.

    Raises RequestNotFound, RequestEnded.
    """
    async with transaction():
        await stop(request_id)
        request = await locked(request_id)
        if request.status not in CANCELABLE:
            raise RequestEnded("What was asked for is being done, or has ended: nothing brings it back.", path=("id",))
        if request.status is RequestStatus.VERIFIED:
            await rule_of(request).canceled(request)
        ended = await end(request_id, RequestStatus.CANCELED, office)
        await note(Action.PRIVACY_CANCELED, ended, actor or ended.person)
    return ended


async def end(request_id: UUID, status: RequestStatus, office: Office) -> Request:
    """End a request in the caller's transaction, and tell its person."""
    await execute("UPDATE privacy_requests SET finished_at = $2 WHERE id = $1", request_id, office.clock.now())
    request = await transition(request_id, status, RequestEvent(status.value))
    await tell(request, RequestEvent(status.value))
    return request


async def complete(request_id: UUID, receipt: str, office: Office) -> None:
    """Say that a request is done, in the caller's transaction which holds its job."""
    await execute("UPDATE privacy_requests SET receipt = $2 WHERE id = $1", request_id, receipt)
    done = await end(request_id, RequestStatus.COMPLETED, office)
    await note(Action.PRIVACY_COMPLETED, done, None)


async def stop(request_id: UUID) -> None:
    """Have nobody carry out a request (any more), in the caller's transaction, which then locks it: jobs come first."""
    row = await fetch_one("SELECT job_id FROM privacy_requests WHERE id = $1", request_id)
    if row is not None and row["job_id"] is not None:
        await jobs.cancel([row["job_id"]])


async def transition(request_id: UUID, status: RequestStatus, event: RequestEvent) -> Request:
    """Give a request another status, in the caller's transaction which holds its row; the person's feed says so."""
    await execute("UPDATE privacy_requests SET status = $2 WHERE id = $1", request_id, status.value)
    request = await locked(request_id)
    await announce(request, event)
    return request


async def announce(request: Request, event: RequestEvent, progress: float = 0.0) -> None:
    """Append to the person's feed, in the caller's transaction; of somebody who is gone, or going, there is none."""
    going = request.erases_account and request.status not in CANCELABLE | TERMINAL
    if request.person is not None and not going:
        await feed.append(request.person, request.id, event.entry, progress)


async def locked(request_id: UUID) -> Request:
    """Return a request, locked for the caller's transaction. Raises RequestNotFound."""
    row = await fetch_one(f"SELECT {COLUMNS} FROM {FROM} WHERE r.id = $1 FOR UPDATE OF r", request_id)  # noqa: S608
    if row is None:
        raise RequestNotFound("There is no such request.", path=("id",))
    return request_of(row)


async def open_already(
    asked: Asked, subject: UUID | None, address: str | None, *, proved: bool = False
) -> Request | None:
    """Return the open request for the same; whoever asks for the same meanwhile waits.

    What is to be corrected is said in words: whoever is `proved` and says something else asks for something else. In
    the name of an address anybody can say anything, and there is one such request at a time.
    """
    in_words = proved and asked.right is PrivacyRight.RECTIFICATION
    whose = str(subject or address)
    await execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"privacy {asked.right} {whose}")
    rows = await fetch(
        f"""SELECT {COLUMNS} FROM {FROM} WHERE r.privacy_right = $1 AND r.status = ANY($2)
              AND (r.subject_id = $3 OR ($3::uuid IS NULL AND r.subject_id IS NULL AND d.address = $4))
            ORDER BY r.id LIMIT $5""",  # noqa: S608
        asked.right.value,
        [status.value for status in OPEN],
        subject,
        address,
        MOST_OPEN,
    )
    known = ((each, each.asked) for each in map(request_of, rows) if each.asked)
    same = ((each, said) for each, said in known if said.scope() == asked.scope())
    return next((each for each, said in same if not in_words or said.statement == asked.statement), None)


async def note(action: Action, request: Request, actor: UUID | None, more: str = "") -> None:
    """Write into the person's log; of an address without an account there is none."""
    if request.person is not None:
        details = {"note": f"{request.right.value} {more}".strip()}
        await record(action, request.person, actor=actor, purpose=Activity.LEGAL_COMPLIANCE, details=details)
