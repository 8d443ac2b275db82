"""What recipients still hold of somebody who is erased: whoever can be told deletes it, and of everybody else it is
known until when they may keep it (Art. 17 and 19 GDPR; privacy policy, P12 and P15).
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable
from uuid import UUID

import structlog

from app.core.db import Row, fetch, transaction
from app.core.jobs import Count, Hold
from app.core.personal_data import Activity
from app.processors.errors import DisclosureRefused
from app.processors.outcomes import Deletion
from app.processors.records import About, record_deletions
from app.processors.register import Processor, Role
from app.processors.service import Gate

BATCH = 100
"""Disclosures that a recipient is told of at once."""
TRIES = 3
TIMEOUT = 20.0
"""Seconds of one try."""
PAUSE = 0.5
"""Seconds before the second try; twice as long before the third."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ToForget:
    """Something that a recipient got."""

    id: UUID
    """The disclosure's."""
    about: About | None
    at: datetime


@runtime_checkable
class Deletes(Protocol):
    """An adapter whose recipient can be told to delete what it got."""

    async def delete(self, got: Sequence[ToForget], key: str) -> Deletion:
        """Tell it, and return its answer. The same `key` is the same wish: it may be told twice.

        Raises OSError for what may succeed later.
        """
        ...


class Holding(StrEnum):
    """What is known of what a recipient still holds."""

    NOTHING = "NOTHING"
    """It deleted it, or has promised to keep it no longer than until now."""
    EXPIRES = "EXPIRES"
    """It has promised to keep it no longer than until then."""
    ITS_OWN = "ITS_OWN"
    """It has it for purposes of its own, as whoever signs people in: that is between the person and them."""
    UNKNOWN = "UNKNOWN"
    """It promises nothing, and did not say that it deleted it."""


@dataclass(frozen=True, slots=True)
class Held:
    """What one recipient got of a person."""

    processor: str
    got: int
    """Disclosures that may have reached it."""
    deleted: int
    """Of them: those that it said it deleted."""
    holding: Holding
    until: datetime | None
    """Until when it may keep the rest; None where that is not known."""


@dataclass(frozen=True, slots=True)
class Recall:
    """Gets back what left."""

    gate: Gate
    adapters: Mapping[str, Deletes]
    """By the names of their processors, of those that can be told."""
    timeout: float = TIMEOUT
    pause: float = PAUSE

    async def tell(self, alias: UUID, hold: Hold, count: Count) -> None:
        """Tell whoever can be told to delete what they got of a person; counts what was deleted. Run again, it goes on.

        Each answer is put on record; who does not answer in a few tries has not. Raises LeaseLost.
        """
        for name, adapter in self.adapters.items():
            while rows := await _untold(alias, name):
                answer = await self._answer(name, adapter, rows)
                async with transaction():
                    await hold()
                    await record_deletions([row["id"] for row in rows], answer)
                    if answer is Deletion.CONFIRMED:
                        await count(len(rows))

    async def held(self, alias: UUID, now: datetime) -> Sequence[Held]:
        """Return what each recipient got of a person, and what is known of what it holds by now; by name."""
        rows = await fetch(
            f"""SELECT processor, count(*) AS got, count(*) FILTER (WHERE deletion = 'CONFIRMED') AS deleted,
                       max(created_at) FILTER (WHERE deletion IS DISTINCT FROM 'CONFIRMED') AS latest
                FROM disclosures WHERE subject_id = $1 AND {_MAY_HAVE_LEFT} GROUP BY processor ORDER BY processor""",  # noqa: S608
            alias,
        )
        found = [(row, self.gate.register.find(row["processor"])) for row in rows]
        return [_held(row, entry, now) for row, entry in found if entry is None or entry.role is not Role.OURSELVES]

    async def _answer(self, name: str, adapter: Deletes, rows: Sequence[Row]) -> Deletion:
        """Tell a recipient, a few times where it is away; return what it says."""
        got = [
            ToForget(
                row["id"],
                About(row["object_type"], row["object_id"]) if row["object_type"] and row["object_id"] else None,
                row["created_at"],
            )
            for row in rows
        ]
        for number in range(TRIES):
            try:
                async with self.gate.ask(name, Activity(rows[0]["activity"])), asyncio.timeout(self.timeout):
                    return await adapter.delete(got, str(got[0].id))
            except (
                DisclosureRefused
            ):  # it may be told nothing any more: it is not in the register, or for nothing of this
                return Deletion.NO_ANSWER
            except OSError as error:  # a TimeoutError too
                log.warning("disclosure.not_deleted", processor=name, error=type(error).__name__)
                if number < TRIES - 1:
                    await asyncio.sleep(self.pause * 2**number)
        return Deletion.NO_ANSWER


_MAY_HAVE_LEFT = "outcome IS DISTINCT FROM 'REFUSED'"
"""It was sent, broke off, or nobody knows."""


async def _untold(alias: UUID, processor: str) -> Sequence[Row]:
    """Return the next of what a recipient may have got and was not told of, of one activity."""
    rows = await fetch(
        f"""SELECT id, activity, object_type, object_id, created_at FROM disclosures
            WHERE subject_id = $1 AND processor = $2 AND deletion IS NULL AND {_MAY_HAVE_LEFT}
            ORDER BY activity, id LIMIT $3""",  # noqa: S608
        alias,
        processor,
        BATCH,
    )
    by_activity: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_activity[row["activity"]].append(row)
    return next(iter(by_activity.values()), [])


def _held(row: Row, entry: Processor | None, now: datetime) -> Held:
    promise = entry.retention if entry else None
    until = row["latest"] + promise.keeps if promise and row["latest"] else None
    if row["latest"] is None or (until is not None and until <= now):
        holding = Holding.NOTHING
    elif entry is not None and entry.role is Role.CONTROLLER:
        holding = Holding.ITS_OWN
    else:
        holding = Holding.EXPIRES if until else Holding.UNKNOWN
    return Held(row["processor"], row["got"], row["deleted"], holding, until if holding is Holding.EXPIRES else None)
