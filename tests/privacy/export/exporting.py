"""An export, made as the steps of a request make it."""

from pathlib import Path
from uuid import UUID

from app.core.db import fetch_one
from app.core.ports import ObjectStore
from app.core.signing import Signer
from app.media.service import object_key
from app.media.variants import Variant
from app.privacy.export import pieces
from app.privacy.export.collecting import collect
from app.privacy.export.office import ExportOffice, Extent
from app.privacy.export.packing import Packing, Parcel
from app.privacy.export.selection import Subject

SIGNER = Signer(b"e" * 32)
PREFIX = "exports/00000000-0000-7000-8000-000000000001"


async def parcel_of(office: ExportOffice, subject: Subject, extent: Extent) -> Parcel:
    """Collect every part."""
    row = await fetch_one("SELECT id FROM subject_aliases WHERE user_id = $1", subject.person)
    alias: UUID | None = row["id"] if row else None
    begun_at = office.clock.now()
    parts = {
        table: await collect(table, subject, extent, office, f"{PREFIX}/{table}") for table in office.selected(extent)
    }
    return Parcel(extent, subject, alias, parts, begun_at)


async def exported(
    office: ExportOffice, subject: Subject, into: Path, extent: Extent = Extent.ACCESS
) -> tuple[Path, Packing]:
    """Write an archive to a file."""
    packing = Packing(await parcel_of(office, subject, extent), office)
    path = into / f"{extent.value.lower()}.zip"
    with path.open("wb") as file:
        async for chunk in packing.archive():
            file.write(chunk)
    await pieces.delete(office.store, PREFIX)
    return path, packing


async def put_pictures(store: ObjectStore, person: UUID, content: bytes = b"RIFF....WEBP") -> None:
    """Give each picture of a person its bytes."""
    row = await fetch_one("SELECT array_agg(id) AS ids FROM pictures WHERE person_id = $1", person)
    for picture in row["ids"] or [] if row else []:
        await store.put(object_key(picture, Variant.ORIGINAL), content)
