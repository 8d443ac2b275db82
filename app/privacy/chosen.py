"""The steps of an erasure of chosen things: generations, reference pictures, their bytes, the look afterwards."""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from app.core import erased_keys
from app.core.db import fetch, fetch_one, transaction
from app.core.erased_keys import Where
from app.generation.service import delete_own
from app.journal import service as journal
from app.media.erasing import erase_deleted
from app.media.references import delete_references
from app.privacy.asked import Asked, Request
from app.privacy.erasure import Residue
from app.privacy.rights.base import DONE, Doing, Step, StepResult, Work
from app.privacy.status import StepAction
from app.training.marking import mark_deleted

GENERATIONS, REFERENCES, PICTURES, SCAN = "generations", "reference_images", "pictures", "chosen things"
ORDER = (GENERATIONS, REFERENCES, PICTURES, SCAN)

_LEFT = """SELECT (SELECT count(*) FROM generations WHERE id = ANY($1))
                + (SELECT count(*) FROM reference_images WHERE id = ANY($1))
                + (SELECT count(*) FROM feed_entries WHERE object_id = ANY($1))
                + (SELECT count(*) FROM idempotency_keys WHERE result_id = ANY($1)) AS number"""


def step_of(holder: str) -> Step:
    """Return the step of a holder, as its row names it."""
    known: dict[str, tuple[StepAction, Callable[[Request, Work], Awaitable[StepResult]]]] = {
        GENERATIONS: (StepAction.ERASE, _generations),
        REFERENCES: (StepAction.ERASE, _references),
        PICTURES: (StepAction.ERASE, _pictures),
        SCAN: (StepAction.SCAN, _scan),
    }
    action, do = known[holder]
    return Doing(holder, action, do)


def _chosen(request: Request) -> Asked:
    if request.asked is None:  # the account went meanwhile, and all this with it
        return Asked(request.right)
    return request.asked


async def _generations(request: Request, work: Work) -> StepResult:
    if request.person is not None:
        async with transaction():
            await work.hold()
            await work.count(await delete_own(request.person, _chosen(request).generations, mark_deleted))
    return DONE


async def _references(request: Request, work: Work) -> StepResult:
    async with transaction():
        await work.hold()
        rows = await fetch(
            "SELECT id FROM reference_images WHERE person_id = $1 AND id = ANY($2) ORDER BY id FOR UPDATE",
            request.person,
            list(_chosen(request).references),
        )
        found = [row["id"] for row in rows]
        await delete_references(found)
        await journal.record(journal.Decision.REFERENCE_DELETED, request.person, objects=found)
        await work.count(len(found))
    return DONE


async def _pictures(request: Request, work: Work) -> StepResult:
    """Erase the bytes, which a job would do soon: the receipt says that it is done."""
    if request.person is not None:
        await erase_deleted(request.person, work.ports.store, work.hold, work.count)
    return DONE


async def _scan(request: Request, work: Work) -> StepResult:
    """Ask for what was chosen, and for the bytes. Raises Residue."""
    asked = _chosen(request)
    wanted: Sequence[UUID] = [*asked.generations, *asked.references]
    row = await fetch_one(_LEFT, list(wanted))
    late = 0
    if request.subject is not None:
        async for prefixes in erased_keys.noted(request.subject, Where.OBJECTS):
            late += await erased_keys.delete_objects(work.ports.store, prefixes)
    if late or (row and row["number"]):
        raise Residue(f"{SCAN}: {row['number'] if row else 0}, objects: {late}")
    return StepResult(count=len(wanted))
