"""Reads: what left us about the viewer."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson

from app.core.db import Row, fetch
from app.core.personal_data import Activity
from app.core.viewer import Viewer
from app.processors.outcomes import Deletion, Outcome, Refusal
from app.processors.records import About
from app.processors.register import Disclosed

MAX_ABOUT_ONE = 20
"""Disclosures about one object that are shown with it, the latest: a job is not tried more often."""
_COLUMNS = """id, processor, activity, categories, object_type, object_id, created_at, outcome, outcome_at, refusal,
              deletion, deletion_at"""
_OWN = "subject_id = (SELECT id FROM subject_aliases WHERE user_id = $1)"


@dataclass(frozen=True, slots=True)
class DisclosureRecord:
    """What left, or was about to."""

    id: UUID
    processor: str
    activity: Activity
    categories: tuple[Disclosed, ...]
    about: About | None
    at: datetime
    outcome: Outcome
    outcome_at: datetime | None
    refusal: Refusal | None
    deletion: Deletion | None
    deletion_at: datetime | None


async def own_disclosures(viewer: Viewer, *, first: int, before: UUID | None = None) -> list[DisclosureRecord]:
    """Return what left about the viewer, newest first, at most `first`, older than `before`."""
    condition, values = ("AND id < $3", [before]) if before else ("", [])
    rows = await fetch(
        f"SELECT {_COLUMNS} FROM disclosures WHERE {_OWN} {condition} ORDER BY id DESC LIMIT $2",  # noqa: S608
        viewer.user_id,
        first,
        *values,
    )
    return [_record(row) for row in rows]


async def disclosures_about(viewer: Viewer, type: str, ids: Sequence[UUID]) -> list[list[DisclosureRecord]]:
    """Return what left about each of these objects and the viewer, newest first; by one statement."""
    rows = await fetch(
        f"""SELECT d.* FROM unnest($3::uuid[]) AS wanted (id) CROSS JOIN LATERAL (
              SELECT {_COLUMNS} FROM disclosures WHERE object_id = wanted.id AND object_type = $2 AND {_OWN}
              ORDER BY id DESC LIMIT $4) d""",  # noqa: S608
        viewer.user_id,
        type,
        list(ids),
        MAX_ABOUT_ONE,
    )
    found: dict[UUID, list[DisclosureRecord]] = defaultdict(list)
    for row in rows:
        found[row["object_id"]].append(_record(row))
    return [found[id] for id in ids]


def _record(row: Row) -> DisclosureRecord:
    return DisclosureRecord(
        row["id"],
        row["processor"],
        Activity(row["activity"]),
        tuple(Disclosed(category) for category in orjson.loads(row["categories"])),
        About(row["object_type"], row["object_id"]) if row["object_type"] and row["object_id"] else None,
        row["created_at"],
        Outcome(row["outcome"]) if row["outcome"] else Outcome.UNKNOWN,
        row["outcome_at"],
        Refusal(row["refusal"]) if row["refusal"] else None,
        Deletion(row["deletion"]) if row["deletion"] else None,
        row["deletion_at"],
    )
