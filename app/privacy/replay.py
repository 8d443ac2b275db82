"""Applies the decision journal to a restored backup: each entry in its order, once, by what its domain does anyway.

Nobody is mailed. Whom the backup does not know, or what, it has not brought back: such entries are only noted. A replay
that dies goes on where it was: an entry and the note that it was applied are one transaction.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog

from app.consents.anew import consent_anew, lift_anew, object_anew, restrict_anew
from app.consents.objections import Stance
from app.consents.office import ConsentOffice
from app.consents.purposes import Method, Objectionable
from app.consents.service import Choice
from app.core.consent_purposes import ConsentPurpose
from app.core.db import execute, fetch, fetch_one, transaction
from app.core.ports import ObjectStore
from app.core.signing import Signer
from app.generation import service as generation
from app.generation.freezing import delete_made_from
from app.journal.applying import applied
from app.journal.entries import Decision, Entry, Verify
from app.journal.errors import Forged
from app.journal.reading import entries, extent
from app.journal.service import record
from app.journal.standing import check_standing, is_known_to_end
from app.journal.tip import tip
from app.journal.writing import Journal
from app.media import references as media
from app.minors.purge import Eraser, end_with
from app.privacy.requests import locked, stop, transition
from app.privacy.rights.registry import rule_of
from app.privacy.status import RequestEvent, RequestStatus
from app.training.marking import mark_deleted, mark_restricted

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay came to."""

    applied: int
    """Entries, whether they changed anything or not."""
    left: tuple[str, ...]
    """What has to be done by hand, in words: number of the entry, random id of the person, and why."""


Tell = Callable[[int, int], None]
"""Gets how many entries were applied, and how many there are."""


@dataclass(frozen=True, slots=True)
class Replayer:
    """What applying takes."""

    store: ObjectStore
    signer: Signer
    kept: timedelta
    office: ConsentOffice
    eraser: Eraser

    async def replay(self, verify: Verify, tell: Tell, *, accept_missing: bool = False) -> Replayed:
        """Apply what the database does not know. Run again, it does nothing.

        `accept_missing`: go on without entries that are gone. Raises EntriesMissing, Forged, JournalAway, and OSError
        where the object store does not answer: the next one goes on.
        """
        begun = await tip()
        found = await extent(self.store, begun)
        left: list[str] = []
        number = 0
        async for entry in entries(self.store, verify, begun, accept_missing=accept_missing):
            reason = await self._apply(entry)
            if reason is not None:
                log.warning("journal.left", sequence=entry.sequence)
                left.append(f"entry {entry.sequence}, {entry.decision}, {entry.person}: {reason}")
            number += 1
            tell(number, found.last - begun if found else number)
        if accept_missing and not await is_known_to_end(self.store):
            async with transaction():
                await record(Decision.MARK, None)
            await Journal(self.store, self.signer, self.kept).write()
        await check_standing(self.store)
        return Replayed(number, tuple(left))

    async def _apply(self, entry: Entry) -> str | None:
        known = entry.person is not None and await _is_there(entry)
        if known and entry.decision in ERASING:
            await self._clear(entry)
        async with applied(entry, self.kept) as due:
            return await APPLIERS[entry.decision](self, entry) if due and known else None

    async def _clear(self, entry: Entry) -> None:
        """Do what an erasure does outside of the transaction that ends it."""
        person = _of(entry.person)
        if entry.decision is Decision.CHILD_ERASED:
            await delete_made_from(person, _nothing_held, _not_counted)
        await self.eraser.clear(person, _nothing_held)


async def _nothing_held() -> None:
    """No worker's lease: nothing else runs."""


async def _not_counted(_number: int) -> None:
    """Nobody is given a receipt: that was given then."""


def _of(id: UUID | None) -> UUID:
    """Return an id that every entry of its kind has."""
    if id is None:
        raise Forged("An entry of the decision journal lacks an id: it is none that this service wrote.")
    return id


async def _is_there(entry: Entry) -> bool:
    return await fetch_one("SELECT id FROM users WHERE id = $1", entry.person) is not None


Applier = Callable[[Replayer, Entry], Awaitable[str | None]]
"""Applies an entry about somebody who is there, in the caller's transaction; returns why that cannot be."""


async def _erase(by: Replayer, entry: Entry) -> str | None:
    person = _of(entry.person)
    await end_with(person)
    await by.eraser.finish(person)
    return None


async def _take_back(_by: Replayer, entry: Entry) -> str | None:
    """End the erasure that the backup would go on with; nobody is mailed, for they were then."""
    rows = await fetch(
        """SELECT r.id FROM privacy_requests r JOIN subject_aliases a ON a.id = r.subject_id
           WHERE a.user_id = $1 AND r.privacy_right = 'ERASURE' AND r.status = 'VERIFIED' ORDER BY r.id""",
        entry.person,
    )
    for row in rows:
        await stop(row["id"])
        request = await locked(row["id"])
        if request.erases_account:
            await rule_of(request).canceled(request)
            await execute("UPDATE privacy_requests SET finished_at = $2 WHERE id = $1", request.id, entry.at)
            await transition(request.id, RequestStatus.CANCELED, RequestEvent.CANCELED)
    return None


async def _delete_generation(_by: Replayer, entry: Entry) -> str | None:
    await generation.delete_anew(_of(entry.person), _of(entry.object), mark_deleted)
    return None


async def _delete_reference(_by: Replayer, entry: Entry) -> str | None:
    await media.delete_anew(_of(entry.person), _of(entry.object))
    return None


async def _consent(by: Replayer, entry: Entry) -> str | None:
    choice = Choice(ConsentPurpose(entry.detail["purpose"]), entry.decision is Decision.CONSENT_GIVEN)
    method, version = Method(entry.detail["method"]), entry.detail["version"]
    await consent_anew(_of(entry.person), choice, method, version, entry.at, by.office)
    return None


async def _object(by: Replayer, entry: Entry) -> str | None:
    stance = Stance(Objectionable(entry.detail["activity"]), entry.decision is Decision.OBJECTED)
    await object_anew(_of(entry.person), stance, entry.at, by.office)
    return None


async def _restrict(_by: Replayer, entry: Entry) -> str | None:
    return await restrict_anew(_of(entry.person), entry.at, mark_restricted)


async def _lift(_by: Replayer, entry: Entry) -> str | None:
    await lift_anew(_of(entry.person), entry.at)
    return None


async def _nothing(_by: Replayer, _entry: Entry) -> str | None:
    return None


ERASING = frozenset({Decision.ERASED, Decision.CHILD_ERASED})
APPLIERS: Mapping[Decision, Applier] = {
    Decision.ERASED: _erase,
    Decision.ERASURE_TAKEN_BACK: _take_back,
    Decision.CHILD_ERASED: _erase,
    Decision.GENERATION_DELETED: _delete_generation,
    Decision.REFERENCE_DELETED: _delete_reference,
    Decision.CONSENT_GIVEN: _consent,
    Decision.CONSENT_WITHDRAWN: _consent,
    Decision.OBJECTED: _object,
    Decision.OBJECTION_TAKEN_BACK: _object,
    Decision.RESTRICTED: _restrict,
    Decision.RESTRICTION_LIFTED: _lift,
    Decision.MARK: _nothing,
}
"""What each decision does; a test holds that none is left out."""
