"""The steps of an export: each table is collected by one, the last one packs what was collected with the files.

Each leaves a row's count and what it wrote in one transaction. What dies before that is written again, to another
place; what dies after it is not done twice.
"""

from collections.abc import Sequence
from functools import partial

from app.core.db import fetch_one, transaction
from app.privacy import archives
from app.privacy.archives import Archive
from app.privacy.asked import Request, steps_of
from app.privacy.export import pieces
from app.privacy.export.collecting import collect
from app.privacy.export.office import Extent
from app.privacy.export.packing import Packing, Parcel, Part
from app.privacy.export.selection import Subject
from app.privacy.rights.base import DONE, Doing, RunPorts, Step, StepResult, Work
from app.privacy.status import StepAction

ARCHIVE = "archives of exports"


async def export_steps(extent: Extent, request: Request, ports: RunPorts) -> Sequence[Step]:
    """Return the steps of an export: those that were written down once it has begun, whatever the registry says since.

    A deployment may bring a table meanwhile: it is collected by whoever packs.
    """
    begun = (await steps_of([request.id]))[request.id]
    tables = [row.holder for row in begun if row.holder != ARCHIVE] if begun else list(ports.exports.selected(extent))
    return [
        *(Doing(table, StepAction.EXPORT, partial(_collect, table, extent)) for table in tables),
        Doing(ARCHIVE, StepAction.EXPORT, partial(_pack, extent)),
    ]


async def _collect(table: str, extent: Extent, request: Request, work: Work) -> StepResult:
    archive = await archives.begun(request, work.ports.clock.now(), work.hold)
    if table in archive.parts or table not in work.ports.exports.selected(extent):
        return DONE
    part = await _part(archive, table, extent, request, work)
    try:
        async with transaction():
            await work.hold()
            await archives.note_part(archive, table, part)
            await work.count(part.rows)
    except Exception:
        await pieces.delete(work.ports.exports.store, part.place)  # as below: nothing would lead to it
        raise
    return DONE


async def _pack(extent: Extent, request: Request, work: Work) -> StepResult:
    archive, exports = await archives.begun(request, work.ports.clock.now(), work.hold), work.ports.exports
    if archive.place is None:
        # A part is missing where its archive was swept meanwhile, a week later, and of a table that is new.
        parts = {
            table: archive.parts.get(table) or await _part(archive, table, extent, request, work)
            for table in exports.selected(extent)
        }
        place = archives.fresh_place(archive.id, "zip")
        subject = await _subject(request)
        packing = Packing(Parcel(extent, subject, request.subject, parts, archive.created_at), exports)
        written = await pieces.write(exports.store, place, packing.archive())
        try:
            async with transaction():
                await work.hold()
                await archives.finish(archive, place, written, work.ports.clock.now())
                await work.count(packing.contents.files.count if packing.contents.files else 0)
        except Exception:
            await pieces.delete(exports.store, place)  # erased meanwhile, or another worker's by now
            raise
    else:
        place = archive.place
    await archives.tidy(archive, place, exports.store)
    return DONE


async def _part(archive: Archive, table: str, extent: Extent, request: Request, work: Work) -> Part:
    place = archives.fresh_place(archive.id, table)
    return await collect(table, await _subject(request), extent, work.ports.exports, place)


async def _subject(request: Request) -> Subject:
    """Return whose data it is. Of somebody with an account the address is the one that they confirmed, no other."""
    if request.person is None:
        return Subject(None, request.address)
    row = await fetch_one("SELECT confirmed_email FROM users WHERE id = $1", request.person)
    return Subject(request.person, row["confirmed_email"] if row else None)
