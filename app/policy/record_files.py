"""The record of processing activities as files: HTML to read and to print, CSV for a spreadsheet."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.core.personal_data import Basis, Category
from app.policy.record import ActivityRecord, Recipient, Record

NOT_CONFIGURED = "not configured"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula (CWE-1236)."""
BASES: Mapping[Basis, str] = {
    Basis.CONTRACT: "Performance of a contract, Art. 6(1)(b) GDPR",
    Basis.CONSENT: "Consent, Art. 6(1)(a) GDPR",
    Basis.LEGITIMATE_INTEREST: "Legitimate interests, Art. 6(1)(f) GDPR",
    Basis.LEGAL_OBLIGATION: "Legal obligation, Art. 6(1)(c) GDPR",
}
CATEGORIES: Mapping[Category, str] = {
    Category.IDENTITY: "who somebody is",
    Category.CONTACT: "where somebody is reached, and what was written to them",
    Category.CREDENTIAL: "what opens an account",
    Category.CONTENT: "what somebody wrote, sent or had made",
    Category.FACE: "faces on pictures that were sent",
    Category.ACTIVITY: "what somebody did, and when",
    Category.NOT_PERSONAL: "nothing personal",
}
_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
)
Row = Mapping[str, str]


def rows(record: Record) -> list[Row]:
    """Return what Art. 30(1) asks of each activity, in words; the names are the headings."""
    return [_row(record, each) for each in record.activities]


def as_csv(record: Record) -> str:
    """Return a row for each activity (RFC 4180), in which no spreadsheet finds a formula."""
    table = rows(record)
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, fieldnames=list(table[0]))
    writer.writeheader()
    writer.writerows({name: _harmless(text) for name, text in row.items()} for row in table)
    return file.getvalue()


def as_html(record: Record) -> str:
    """Return one page without scripts and without anything from elsewhere."""
    return _PAGES.get_template("record.html").render(
        heads=_heads(record), rows=[(each, _row(record, each)) for each in record.activities], measures=record.measures
    )


def _heads(record: Record) -> Row:
    controller = record.controller
    return {
        "Controller": controller.name,
        "Address": controller.address or NOT_CONFIGURED,
        "Country": controller.country or NOT_CONFIGURED,
        "Contact": controller.contact,
        "Representative in the Union": record.representative or NOT_CONFIGURED,
        "Data protection officer": record.data_protection_officer or NOT_CONFIGURED,
        "Where data is stored": controller.storage_country or NOT_CONFIGURED,
    }


def _row(record: Record, each: ActivityRecord) -> Row:
    entry = each.entry
    return {
        "Activity": entry.name,
        "State": "planned: nothing is processed for it yet" if entry.planned else "in operation",
        "Source": "the policy's table" if entry.source.value == "TEXT" else "decision about the product",
        "Purpose": entry.purpose,
        "Legal basis": BASES[entry.basis],
        "Legitimate interest": entry.interest or "",
        "Categories of people": "; ".join(entry.people),
        "Categories of data": "; ".join(CATEGORIES[category] for category in each.categories),
        "Recipients": "; ".join(f"{recipient.operator} ({recipient.name})" for recipient in each.recipients),
        "Transfers": _transfers(each.recipients),
        "Time limits for erasure": "; ".join(each.retention),
        "Security measures": "; ".join(measure.name for measure in record.measures),
        **_heads(record),
    }


def _transfers(recipients: Sequence[Recipient]) -> str:
    return "; ".join(f"{each.operator}: {each.country}, {each.transfer.value}" for each in recipients)


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
