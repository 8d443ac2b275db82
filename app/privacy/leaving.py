"""The steps of an account's erasure: holder by holder, what others got, the last mail, the account, a look afterwards.

Each is run again from the start after a crash, and goes on. Who is gone by then, as somebody whose account was that of
a child, leaves nothing to erase; the look afterwards is the same.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

from app.accounts.erasing import standing_of
from app.accounts.status import UserStatus
from app.audit.service import Action, record
from app.core import erased_keys
from app.core.db import execute, fetch_one, transaction
from app.core.erased_keys import Where
from app.core.jobs import NotYet
from app.core.limits import names_of
from app.core.personal_data import Activity
from app.generation.freezing import delete_made_from
from app.journal.service import Decision
from app.journal.service import record as record_decision
from app.mail.kinds import MailKind
from app.mail.service import record_mail
from app.minors.purge import end_with
from app.privacy.asked import Request
from app.privacy.erasure import Residue
from app.privacy.rights.base import DONE, Doing, Step, StepResult, Work
from app.privacy.status import StepAction
from app.processors.deletion import Holding

JOURNAL = "decision journal"
MADE_OF_CHILD, COUNTERS, RECIPIENTS = "generations of others", "budgets and limits", "recipients"
LAST_MAIL, ACCOUNT, SCAN, WAIT = "the last mail", "account", "everything", "recipients' promises"
GONE = StepResult("GONE_BEFORE")
NOT_SENT = StepResult("NOT_SENT")
LOOK_AGAIN = timedelta(seconds=5)
"""How long the last mail is given before it is looked for again."""
MAIL_LASTS = timedelta(hours=24)
"""How long the last mail is waited for: then the address goes without it."""

Do = Callable[[UUID, Request, Work], Awaitable[StepResult]]


def step_of(holder: str) -> Step:
    """Return the step of a holder, as its row names it."""
    known: dict[str, tuple[StepAction, Callable[[Request, Work], Awaitable[StepResult]]]] = {
        JOURNAL: (StepAction.NOTIFY, partial(_of_somebody, _journal)),
        MADE_OF_CHILD: (StepAction.ERASE, partial(_of_somebody, _made_of_child)),
        COUNTERS: (StepAction.ERASE, partial(_of_somebody, _counters)),
        RECIPIENTS: (StepAction.ERASE, _recipients),
        LAST_MAIL: (StepAction.NOTIFY, partial(_of_somebody, _last_mail)),
        ACCOUNT: (StepAction.ERASE, partial(_of_somebody, _account)),
        SCAN: (StepAction.SCAN, _scan),
        WAIT: (StepAction.CHECK, _wait),
    }
    action, do = known.get(holder) or (StepAction.ERASE, partial(_of_somebody, partial(_holder, holder)))
    return Doing(holder, action, do)


async def _of_somebody(do: Do, request: Request, work: Work) -> StepResult:
    return GONE if request.person is None else await do(request.person, request, work)


async def _journal(person: UUID, _request: Request, work: Work) -> StepResult:
    """Put the erasure down where no backup of the database forgets it, before anything is deleted.

    Raises what the journal raises: nothing is deleted that a backup could bring back.
    """
    async with transaction():
        await work.hold()
        await record_decision(Decision.ERASED, person)
    await work.ports.erasing.journal.write()
    return StepResult(count=1)


async def _made_of_child(person: UUID, _request: Request, work: Work) -> StepResult:
    """Delete what others made from a child's pictures; those of an adult are given to nobody, and theirs alone."""
    if await standing_of(person) is UserStatus.FROZEN:
        await delete_made_from(person, work.hold, work.count)
    return DONE


async def _holder(name: str, person: UUID, _request: Request, work: Work) -> StepResult:
    await work.ports.erasing.eraser.erase(name, person, work.hold, work.count)
    return DONE


async def _counters(person: UUID, request: Request, work: Work) -> StepResult:
    """Forget what was counted of them, by themselves and by their address."""
    counters = work.ports.erasing.counters
    row = await fetch_one("SELECT email, confirmed_email FROM users WHERE id = $1", person)
    addresses = sorted({address for address in row.values() if address}) if row else []
    keys = counters.keys([f"user {person}"], names_of(str(person), addresses))
    if request.subject is not None:
        async with transaction():
            await work.hold()
            await erased_keys.note(request.subject, Where.COUNTERS, keys)
    forgotten = await counters.delete(keys)
    async with transaction():
        await work.hold()
        await work.count(forgotten)
    return DONE


async def _recipients(request: Request, work: Work) -> StepResult:
    if request.subject is not None:
        await work.ports.erasing.recall.tell(request.subject, work.hold, work.count)
    return DONE


async def _last_mail(person: UUID, request: Request, work: Work) -> StepResult:
    """Tell them that it is done, while there is an address; it is waited for, but not for ever. Raises NotYet.

    Where it lies here and not with them, it goes too: what it says is at the page that it links to.
    """
    result = await _told(request, work)
    await work.ports.erasing.eraser.forget_copies(person)
    return result


async def _told(request: Request, work: Work) -> StepResult:
    mail = await fetch_one(
        "SELECT id, state, created_at FROM mails WHERE ticket = $1 AND kind = $2",
        request.id,
        MailKind.ERASURE_DONE.value,
    )
    if mail is None:
        if request.address is None:
            return NOT_SENT
        async with transaction():
            await work.hold()
            # To nobody's account: it goes with the address, not before it.
            await record_mail(MailKind.ERASURE_DONE, request.address, person=None, ticket=request.id)
        raise NotYet(LOOK_AGAIN)
    if mail["state"] == "QUEUED":
        if mail["created_at"] + MAIL_LASTS > work.ports.clock.now():
            raise NotYet(LOOK_AGAIN)
        return NOT_SENT
    return StepResult(count=1) if mail["state"] == "SENT" else NOT_SENT


async def _account(person: UUID, request: Request, work: Work) -> StepResult:
    """Erase the account and what leads to it, look, and commit where nothing is left. Raises Residue.

    What was under way when its holder was erased is erased then.
    """
    await work.ports.erasing.eraser.end_requests(person, work.hold, request.id)
    try:
        await _finish(person, request, work)
    except Residue:
        for name in await work.ports.erasing.eraser.names():
            await work.ports.erasing.eraser.erase(name, person, work.hold, work.count)
        await _finish(person, request, work)
    return DONE


async def _finish(person: UUID, request: Request, work: Work) -> None:
    async with transaction():
        await work.hold()
        await execute("SELECT id FROM users WHERE id = $1 FOR UPDATE", person)  # first, as whoever flags it
        await record(Action.ERASED, person, actor=None, purpose=Activity.LEGAL_COMPLIANCE)
        await end_with(person)
        await work.count(sum((await work.ports.erasing.eraser.finish(person, request.id)).values()))


async def _scan(request: Request, work: Work) -> StepResult:
    """Ask everything once more for what was theirs; what arrived late is erased and asked for again. Raises Residue."""
    erasing = work.ports.erasing
    left = await erasing.eraser.left(request.subject) if request.subject else {}
    late = await _late(request, work)
    if late and await _late(request, work):
        left = {**left, "stores": late}
    if left:
        raise Residue(", ".join(f"{name}: {number}" for name, number in sorted(left.items())))
    async with transaction():
        await work.hold()
        if request.subject is not None:
            await erased_keys.forget(request.subject, Where.COUNTERS)
    return StepResult(f"LATE {late}" if late else None, count=len(erasing.registry))


async def _late(request: Request, work: Work) -> int:
    """Erase what is there by a key of something that was erased; return how much that was."""
    late = 0
    if request.subject is not None:
        async for prefixes in erased_keys.noted(request.subject, Where.OBJECTS):
            late += await erased_keys.delete_objects(work.ports.store, prefixes)
        async for keys in erased_keys.noted(request.subject, Where.COUNTERS):
            late += await work.ports.erasing.counters.delete(keys)
    return late


async def _wait(request: Request, work: Work) -> StepResult:
    """Wait until nobody may keep anything any more."""
    if request.subject is None:
        return DONE
    held = await work.ports.erasing.recall.held(request.subject, work.ports.clock.now())
    pending = [each for each in held if each.holding is Holding.EXPIRES and each.until]
    latest = max((each.until for each in pending if each.until), default=None)
    return StepResult(", ".join(each.processor for each in pending)[:200], latest) if latest else DONE
