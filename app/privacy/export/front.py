"""The front page of an export: what is in it, and what the law has us say with it (Art. 13 to 15 and 20 GDPR)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from app.core.db import Row, fetch
from app.core.personal_data import PersonalDataHolder, Withheld
from app.policy.record import activity_records
from app.policy.record_files import BASES, CATEGORIES
from app.privacy.export.files import Files
from app.privacy.export.office import ExportOffice, Extent
from app.privacy.export.pages import data_path, page_path, rendered
from app.privacy.export.words import in_words, ordered, title
from app.processors.register import TRANSFERS, Role

RECENT = 12
"""Pictures on the front page."""
_CONSENTS = """
    SELECT DISTINCT ON (purpose) purpose, granted, decided_at FROM consent_records
    WHERE principal_id = $1 ORDER BY purpose, sequence DESC"""
_DISCLOSURES = """
    SELECT processor, activity, count(DISTINCT d.id) AS number, min(created_at) AS first, max(created_at) AS last,
           array_agg(DISTINCT category) AS categories
    FROM disclosures d CROSS JOIN LATERAL jsonb_array_elements_text(d.categories) AS category
    WHERE subject_id = $1 AND outcome IS DISTINCT FROM 'REFUSED' GROUP BY processor, activity ORDER BY 1, 2"""


@dataclass(slots=True)
class Contents:
    """What an export came to have."""

    extent: Extent
    name: str
    """How its person is called, or their address."""
    alias: UUID | None
    rows: Mapping[str, int]
    """Of each table."""
    begun_at: datetime
    packed_at: datetime
    files: Files | None = None
    pages: dict[str, int] = field(default_factory=dict)
    """How many pages each table has."""
    recent: list[Mapping[str, object]] = field(default_factory=list)
    """Pictures of the front page."""


async def front_page(contents: Contents, office: ExportOffice) -> bytes:
    """Return `index.html`."""
    alias = contents.alias
    consents = await fetch(_CONSENTS, alias) if alias else []
    disclosures = await fetch(_DISCLOSURES, alias) if alias else []
    values: dict[str, Any] = {
        "contents": contents,
        "is_access": contents.extent is Extent.ACCESS,
        "controller": office.controller,
        "supervisor": office.supervisor,
        "areas": [
            (area, [_part(contents, table) for table in tables]) for area, tables in ordered(list(contents.rows))
        ],
        "total": sum(contents.rows.values()),
        "consents": [{**row, "title": title(row["purpose"].lower())} for row in consents],
        "disclosures": [_disclosure(row, office) for row in disclosures],
        "activities": [
            _activity(each) for each in activity_records(office.holders, office.processors) if each.retention
        ],
        "withheld": withheld(office.holders),
        "kept": kept(office.holders),
    }
    return rendered("index.html", values)


def _part(contents: Contents, table: str) -> Mapping[str, object]:
    pages = contents.pages.get(table, 0)
    return {
        "name": title(table),
        "words": in_words(table),
        "rows": contents.rows[table],
        "page": page_path(table, 1) if pages else None,
        "data": data_path(table),
    }


def _disclosure(row: Row, office: ExportOffice) -> Mapping[str, object]:
    processor = office.processors.find(row["processor"])
    return {
        **row,
        "activity": title(row["activity"].lower()),
        "categories": ", ".join(title(category.lower()).lower() for category in row["categories"]),
        "to": f"{processor.operator} ({processor.country})" if processor else row["processor"],
        "transfer": TRANSFERS[processor.transfer] if processor and processor.role is not Role.OURSELVES else "",
    }


def _activity(record: Any) -> Mapping[str, object]:
    return {
        "name": record.entry.name,
        "purpose": record.entry.purpose,
        "basis": BASES[record.entry.basis],
        "interest": record.entry.interest,
        "categories": "; ".join(CATEGORIES[category] for category in record.categories),
        "recipients": "; ".join(f"{each.operator} ({each.country})" for each in record.recipients) or "nobody",
        "retention": "; ".join(retention.value for retention in record.retention),
    }


def withheld(holders: Sequence[PersonalDataHolder]) -> list[tuple[str, list[str]]]:
    """Return why something is in no export, each with what that is: the registry's words."""
    found: dict[Withheld, list[str]] = {}
    for holder in holders:
        for name, column in holder.columns.items():
            if column.is_personal and column.withheld is not None:
                what = holder.name if holder.holds else f"{title(holder.name)}: {title(name).lower()}"
                found.setdefault(column.withheld, []).append(what)
    return [(reason.value, sorted(parts)) for reason, parts in found.items()]


def kept(holders: Sequence[PersonalDataHolder]) -> list[tuple[str, str]]:
    """Return what outlives an erasure by law: why, and until when."""
    columns = [column for holder in holders for column in holder.columns.values()]
    return sorted({(column.keep.reason, column.keep.until) for column in columns if column.keep is not None})
