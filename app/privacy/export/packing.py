"""Puts an archive together: files, the parts that were collected, pages of both, the front page, the signed list."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.core.db import fetch_one
from app.privacy.export import pieces, schema
from app.privacy.export.files import Files
from app.privacy.export.front import RECENT, Contents, front_page
from app.privacy.export.manifest import MANIFEST, SIGNATURE, Listing, signature
from app.privacy.export.office import ExportOffice, Extent
from app.privacy.export.pages import WORKS, data_path, grouped, page_path, row_page, shown_work, work_page
from app.privacy.export.rows import parsed
from app.privacy.export.selection import Subject, fingerprint
from app.privacy.export.works import portable, works
from app.privacy.export.zipping import Member, zipped


@dataclass(frozen=True, slots=True)
class Part:
    """What was collected of one table."""

    rows: int
    byte_size: int
    place: str
    """Where its pieces lie."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is packed."""

    extent: Extent
    subject: Subject
    alias: UUID | None
    parts: Mapping[str, Part]
    begun_at: datetime


class Packing:
    """The packing of one parcel; `contents` says afterwards what it came to have."""

    def __init__(self, parcel: Parcel, office: ExportOffice) -> None:
        self._parcel = parcel
        self._office = office
        self._listing = Listing()
        person, now = parcel.subject.person, office.clock.now()
        rows = {table: part.rows for table, part in parcel.parts.items()}
        files = Files(office.store, person) if person else None
        self.contents = Contents(parcel.extent, "", parcel.alias, rows, parcel.begun_at, now, files)

    def archive(self) -> AsyncGenerator[bytes, None]:
        """Yield the ZIP, in chunks of at most 64 KiB. Raises OSError where the store does not answer."""
        return zipped(self._members(), self.contents.packed_at)

    async def _members(self) -> AsyncGenerator[Member, None]:
        async for member in self._listed():
            yield self._listing.noted(member)
        head = self._head()
        manifest = self._listing.written(head)
        yield _whole(MANIFEST, manifest)
        issued = int(self.contents.packed_at.timestamp())
        yield _whole(SIGNATURE, signature(self._office.signer, manifest, head, self._office.controller.url, issued))

    def _head(self) -> dict[str, Any]:
        contents, office = self.contents, self._office
        return {
            "service": office.controller.url,
            "controller": office.controller.name,
            "right": contents.extent.value,
            "subject": str(contents.alias) if contents.alias else None,
            "begunAt": contents.begun_at,
            "packedAt": contents.packed_at,
            "schemaVersion": schema.VERSION,
            "registry": fingerprint(office.selected(contents.extent)),
            "rows": dict(contents.rows),
        }

    async def _listed(self) -> AsyncGenerator[Member, None]:
        files, extent = self.contents.files, self.contents.extent
        if files is not None:
            has = self._office.has_files
            pictures, uploads = has(extent, "objects of pictures"), has(extent, "objects of uploads")
            async for member in files.members(pictures=pictures, uploads=uploads):
                yield member
            async for member in self._works(files):
                yield member
        for table, part in self._parcel.parts.items():
            yield Member(data_path(table), self._part(part))
            async for member in self._row_pages(table, part):
                yield member
        yield _whole("schema.json", schema.FILE.read_bytes())
        self.contents.name = await self._name()
        yield _whole("index.html", await front_page(self.contents, self._office))

    def _part(self, part: Part) -> AsyncGenerator[bytes, None]:
        return pieces.read(self._office.store, part.place, part.byte_size)

    async def _row_pages(self, table: str, part: Part) -> AsyncGenerator[Member, None]:
        path_of = self.contents.files.path_of if self.contents.files else _nowhere
        number = shown = 0
        async for rows in grouped(parsed(self._part(part))):
            number, shown = number + 1, shown + len(rows)
            page = row_page(table, rows, number, is_last=shown >= part.rows, path_of=path_of)
            yield _whole(page_path(table, number), page)
        self.contents.pages[table] = number

    async def _works(self, files: Files) -> AsyncGenerator[Member, None]:
        number, held = 0, None
        async for rows in works(files.person, WORKS):
            if held is not None:
                number += 1
                yield _whole(page_path("works", number), work_page(held, number, is_last=False, path_of=files.path_of))
            else:
                shown = [picture for row in rows for picture in shown_work(row, files.path_of).pictures]
                self.contents.recent = shown[:RECENT]
            held = rows
        if held is not None:
            yield _whole(
                page_path("works", number + 1), work_page(held, number + 1, is_last=True, path_of=files.path_of)
            )
        if self.contents.extent is Extent.PORTABILITY:
            yield Member("portable/generations.jsonl", portable(files.person, files.path_of))

    async def _name(self) -> str:
        row = await fetch_one("SELECT display_name FROM users WHERE id = $1", self._parcel.subject.person)
        return str(row["display_name"]) if row else self._parcel.subject.address or ""


def _nowhere(_picture: UUID) -> None:
    return None


def _whole(path: str, content: bytes) -> Member:
    async def chunks() -> AsyncGenerator[bytes, None]:
        yield content

    return Member(path, chunks())
