"""KNOW (Cal. Civ. Code 1798.110 and 1798.115): which categories are held, whence, what for, and who got which.

A step for each category counts what is held now, a last one what left; both go back to when the account began. The
receipt names the recipients. The pieces themselves are the archive of ACCESS.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.db import fetch_one
from app.core.personal_data import Activity, Category, Holder
from app.core.privacy_rights import PrivacyRight
from app.privacy.asked import Request
from app.privacy.kept import is_untold
from app.privacy.paths import belongs
from app.privacy.rights.base import Plain, RunPorts, Step, person_of
from app.privacy.rights.checking import Checking, Look
from app.privacy.rights.recipients import RECIPIENTS, disclosed

HELD = "For {}."
SOURCES: Mapping[Category, Sequence[str]] = {
    Category.IDENTITY: ("the person", "the provider of a sign-in that they chose"),
    Category.CONTACT: ("the person", "the provider of a sign-in that they chose", "staff who wrote to them"),
    Category.CREDENTIAL: ("the person", "made here for them"),
    Category.CONTENT: ("the person", "engines that they chose"),
    Category.FACE: ("the person",),
    Category.ACTIVITY: ("the person's use of the service", "staff and the service, of what they did"),
}


@dataclass(frozen=True, slots=True)
class Know(Plain):
    """Counts what is held and what left."""

    right: PrivacyRight = PrivacyRight.KNOW
    needs_account: bool = False

    async def steps(self, request: Request, ports: RunPorts) -> Sequence[Step]:
        """One for each category, and one for what left."""
        return [*(Checking(each.value, _held(each, ports.holders)) for each in SOURCES), RECIPIENTS]

    async def claims(self, request: Request, ports: RunPorts) -> Mapping[str, Any]:
        """Where each category comes from, and who got how much for which activity."""
        sources = {category.value: list(whence) for category, whence in SOURCES.items()}
        return {"sources": sources, "disclosed": await disclosed(request)}


def _held(category: Category, holders: Sequence[Holder]) -> Look:
    """Return what counts the rows about the person that have something of a category in them."""
    having = [each for each in holders if each.subject and not is_untold(each) and _columns(each, category)]
    found = {activity for holder in having for activities in _columns(holder, category) for activity in activities}
    note = HELD.format(", ".join(activity.value for activity in Activity if activity in found))

    async def look(request: Request) -> tuple[int, str]:
        counts = " + ".join(
            f"(SELECT count(*) FROM {holder.table} WHERE {belongs(holder)})"  # noqa: S608 - the registry's names
            for holder in having
        )
        row = await fetch_one(f"SELECT {counts} AS number", person_of(request))
        return (int(row["number"]) if row else 0), note

    return look


def _columns(holder: Holder, category: Category) -> list[tuple[Activity, ...]]:
    return [column.activities for column in holder.columns.values() if column.category is category]
