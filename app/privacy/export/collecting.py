"""Collects what one table has of somebody, on its way into an archive."""

from app.privacy.export import pieces
from app.privacy.export.office import ExportOffice, Extent
from app.privacy.export.packing import Part
from app.privacy.export.rows import lines, shape_of
from app.privacy.export.selection import Subject


async def collect(table: str, subject: Subject, extent: Extent, office: ExportOffice, place: str) -> Part:
    """Write what a table has of a subject to a place in the store.

    The rows are read in batches, not in one snapshot: each is as it was when its batch was read. Raises OSError.
    """
    selected, numbers = office.selected(extent)[table], list[int]()
    array = lines(selected, await shape_of(table), subject, numbers.append)
    written = await pieces.write(office.store, place, array)
    return Part(sum(numbers), written.byte_size, place)
