"""Who may be written to: asked for each batch of a campaign, and once more for each mail when it is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.accounts.directory import people_behind
from app.consents.enforcement import PurposeLimitation
from app.core.db import fetch
from app.core.personal_data import Activity, Category

BATCH = 500


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who may be written to."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Readership:
    """People with a consent to news that stands, whose account is in use and whose confirmed address takes mail."""

    limitation: PurposeLimitation

    async def among(self, people: Sequence[UUID]) -> Mapping[UUID, Reader]:
        """Return those of some people who may be written to now, by three statements."""
        allowed = await self.limitation.allowed(people, Activity.MARKETING, Category.CONTACT)
        rows = await fetch(
            """SELECT u.id, u.display_name AS name, u.confirmed_email AS address
               FROM users u LEFT JOIN subscribers s ON s.person_id = u.id
               WHERE u.id = ANY($1) AND u.status = 'ACTIVE' AND u.confirmed_email IS NOT NULL
                 AND s.undeliverable IS DISTINCT FROM u.confirmed_email""",
            list(allowed),
        )
        return {row["id"]: Reader(row["name"], row["address"]) for row in rows}

    async def has(self, person: UUID, address: str) -> bool:
        """Return whether a person may be written to now, at that address (`app.mail.service.Recheck`)."""
        reader = (await self.among([person])).get(person)
        return reader is not None and reader.address == address

    async def count(self) -> int:
        """Return how many may be written to now; it goes through all people in batches."""
        number = 0
        people = await people_behind(None, BATCH)
        while people:
            number += len(await self.among([person.id for person in people]))
            people = await people_behind(people[-1].id, BATCH)
        return number
