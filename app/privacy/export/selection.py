"""Which rows and columns an export has: what the registry marks, of every table that leads to somebody.

No table is named here but those that know people by an address alone: whoever never had an account may have written.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson

from app.core.personal_data import Basis, Column, Holder
from app.privacy.paths import OF_ADDRESS, belongs

_REQUESTS = f"SELECT request_id FROM privacy_request_details WHERE {OF_ADDRESS}"  # noqa: S608
BY_ADDRESS: Mapping[str, str] = {
    "mails": "address = $1 AND person_id IS NULL",
    "support_threads": "address = $1 AND person_id IS NULL",
    "support_messages": "thread_id IN (SELECT id FROM support_threads WHERE address = $1 AND person_id IS NULL)",
    "privacy_requests": f"id IN ({_REQUESTS})",
    "privacy_request_details": OF_ADDRESS,
    "privacy_request_steps": f"request_id IN ({_REQUESTS})",
    "privacy_archives": f"person_id IS NULL AND request_id IN ({_REQUESTS})",
}
"""Conditions on rows of nobody's account that lead to the address `$1`."""

Wanted = Callable[[Column], bool]


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose data it is: somebody with an account, an address that was shown to be theirs, or both."""

    person: UUID | None
    address: str | None


@dataclass(frozen=True, slots=True)
class Selected:
    """What of one table an export has."""

    holder: Holder
    columns: tuple[str, ...]

    @property
    def table(self) -> str:
        """The table's name."""
        return self.holder.table

    def conditions(self, subject: Subject) -> Sequence[tuple[str, object]]:
        """Return the conditions on rows that are the subject's, each with its `$1`; no row meets two of them."""
        found: list[tuple[str, object]] = []
        if subject.person is not None:
            found.append((belongs(self.holder), subject.person))
        if subject.address is not None and self.table in BY_ADDRESS:
            found.append((BY_ADDRESS[self.table], subject.address))
        return found


def everything(column: Column) -> bool:
    """Whether a copy of all data has it (Art. 15(3) GDPR)."""
    return column.exported


def provided(column: Column) -> bool:
    """Whether it is processed for a contract or by consent, so that the person may take it along (Art. 20(1) GDPR)."""
    bases = {activity.basis for activity in column.activities}
    return column.exported and bool(bases & {Basis.CONTRACT, Basis.CONSENT})


def select(registry: Iterable[Holder], wanted: Wanted = everything) -> Mapping[str, Selected]:
    """Return what an export has of each table; a table with nothing to export is left out."""
    found = {}
    for holder in registry:
        columns = tuple(name for name, column in holder.columns.items() if wanted(column))
        if holder.subject is not None and columns:
            found[holder.table] = Selected(holder, columns)
    return found


def fingerprint(selected: Mapping[str, Selected]) -> str:
    """Return the SHA-256 of tables and columns, in hexadecimal: two exports with the same one have the same parts."""
    said = {table: sorted(each.columns) for table, each in selected.items()}
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def key_of(column: str) -> str:
    """Return how an export calls a column: as the API would, `display_name` is `displayName`."""
    first, *rest = column.split("_")
    return first + "".join(part.title() for part in rest)
