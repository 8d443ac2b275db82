"""The record of processing activities (Art. 30(1) GDPR), put together from the registers: nothing is said twice."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from app.core.controller import Controller
from app.core.personal_data import Activity, Category, Column, PersonalDataHolder, Retention
from app.core.security_register import Measure
from app.policy.activities import PROCESSING_ACTIVITIES, ProcessingActivity

OURSELVES = "OURSELVES"
"""The role of a server of our own in the register of processors: it is no recipient."""


class Recipient(Protocol):
    """An entry of the register of processors."""

    @property
    def name(self) -> str:
        """Its key there."""
        ...

    @property
    def operator(self) -> str:
        """The legal person."""
        ...

    @property
    def role(self) -> StrEnum:
        """In whose name it handles data."""
        ...

    @property
    def activities(self) -> Collection[Activity]:
        """What it gets data for."""
        ...

    @property
    def country(self) -> str:
        """ISO 3166-1 alpha-2."""
        ...

    @property
    def transfer(self) -> StrEnum:
        """What allows the transfer there (Chapter V)."""
        ...


@dataclass(frozen=True, slots=True)
class ActivityRecord:
    """One activity with all that the registers say of it."""

    entry: ProcessingActivity
    categories: Sequence[Category]
    retention: Sequence[Retention]
    recipients: Sequence[Recipient]


@dataclass(frozen=True, slots=True)
class Record:
    """The whole record."""

    controller: Controller
    representative: str
    """Of a controller outside the Union (Art. 27); empty: none is configured."""
    data_protection_officer: str
    """Where they are reached (Art. 37(7)); empty: none is configured."""
    activities: Sequence[ActivityRecord]
    measures: Sequence[Measure]


def activity_records(holders: Iterable[PersonalDataHolder], recipients: Iterable[Recipient]) -> list[ActivityRecord]:
    """Return every activity with the data that serves it, and with who gets some of that."""
    columns = [column for holder in holders for column in holder.columns.values() if column.is_personal]
    others = [recipient for recipient in recipients if recipient.role.value != OURSELVES]
    return [_record(entry, columns, others) for entry in PROCESSING_ACTIVITIES.values()]


def _record(entry: ProcessingActivity, columns: Sequence[Column], others: Sequence[Recipient]) -> ActivityRecord:
    serving = [column for column in columns if entry.activity in column.activities]
    return ActivityRecord(
        entry,
        [category for category in Category if any(column.category is category for column in serving)],
        [retention for retention in Retention if any(column.retention is retention for column in serving)],
        [recipient for recipient in others if entry.activity in recipient.activities],
    )
