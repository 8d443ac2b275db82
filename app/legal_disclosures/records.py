"""A legal disclosure: as staff record it, and as it is kept."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson

from app.core.db import Row
from app.core.errors import InvalidInput
from app.core.personal_data import Category
from app.core.sweeps import RECORDS_LAST
from app.legal_disclosures.grounds import DisclosureGround

LONGEST = {"recipient": 200, "basis": 500, "scope": 2000, "reason": 500}
"""Characters."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of it: gone with the person."""

    recipient: str
    """Who got it."""
    basis: str
    """The law, the order, its reference."""
    scope: str
    """What was handed over."""
    reason: str = ""
    """Why the person may not know of it yet."""


@dataclass(frozen=True, slots=True)
class Handover:
    """What staff say of one."""

    ground: DisclosureGround
    categories: tuple[Category, ...]
    disclosed_on: date
    words: Words
    barred_until: datetime | None = None

    def checked(self, now: datetime) -> "Handover":
        """Return it. Raises InvalidInput for what cannot be so."""
        for name, most in LONGEST.items():
            text = str(getattr(self.words, name))
            if len(text) > most or (not text.strip() and (name != "reason" or self.barred_until)):
                path = ("bar", name) if name == "reason" else (name,)
                raise InvalidInput(f"Write 1 to {most} characters.", path=path)
        if not self.categories or Category.NOT_PERSONAL in self.categories:
            raise InvalidInput("Name the kinds of personal data that were handed over.", path=("categories",))
        if not (now - RECORDS_LAST).date() < self.disclosed_on <= now.date():
            raise InvalidInput("It was handed over today or before, and within seven years.", path=("disclosedOn",))
        if self.barred_until and not now < self.barred_until < now + RECORDS_LAST:
            raise InvalidInput(
                "A bar ends in the future, and within seven years: of one without an end, name the day on which it is "
                "to be looked at again.",
                path=("bar", "until"),
            )
        return self

    def encoded(self) -> tuple[str, str]:
        """Return categories and words as they are kept: JSON."""
        return orjson.dumps(sorted(set(self.categories))).decode(), orjson.dumps(self.words).decode()


@dataclass(frozen=True, slots=True)
class LegalDisclosureRecord:
    """One as it is kept."""

    id: UUID
    ground: DisclosureGround
    categories: tuple[Category, ...]
    disclosed_on: date
    recorded_at: datetime
    barred_until: datetime | None
    words: Words | None
    """None: gone, with the person."""


COLUMNS = "id, ground, categories, disclosed_on, recorded_at, barred_until, content"


def record_of(row: Row) -> LegalDisclosureRecord:
    """Build from a row of `COLUMNS`."""
    said: dict[str, Any] | None = orjson.loads(row["content"]) if row["content"] else None
    return LegalDisclosureRecord(
        row["id"],
        DisclosureGround(row["ground"]),
        tuple(Category(each) for each in orjson.loads(row["categories"])),
        row["disclosed_on"],
        row["recorded_at"],
        row["barred_until"],
        Words(**said) if said else None,
    )
