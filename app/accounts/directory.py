"""Everybody, in batches: for what has to reach all people."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.core.db import fetch


@dataclass(frozen=True, slots=True)
class Reachable:
    """A person, and how to reach them."""

    id: UUID
    display_name: str
    address: str | None
    """The one that they confirmed; without it nobody is written to."""


async def people_behind(position: UUID | None, limit: int) -> Sequence[Reachable]:
    """Return the next people after a position, in the order of their ids, suspended ones too; none: that was the last.

    They are held for the caller's transaction: nobody vanishes meanwhile.
    """
    rows = await fetch(
        """SELECT id, display_name, confirmed_email AS address FROM users WHERE $1::uuid IS NULL OR id > $1
           ORDER BY id LIMIT $2 FOR KEY SHARE""",
        position,
        limit,
    )
    return [Reachable(**row) for row in rows]
