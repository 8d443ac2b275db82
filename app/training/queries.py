"""Reads by the people whose pictures may train models, or are in data sets."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core.db import Row, fetch
from app.core.purposes import Allows
from app.core.viewer import Viewer
from app.generation.wishes import Visibility
from app.training.eligibility import FACTS, Eligibility, TrainingRefusal, ask_about, eligibility
from app.training.marking import Exclusion

NOTHING = Eligibility(Visibility.PRIVATE, (TrainingRefusal.NO_PICTURES,))
MAX_OF_ONE = 20
"""Data sets that are shown with a generation, the latest."""


@dataclass(frozen=True, slots=True)
class Membership:
    """That pictures of somebody's are in a data set."""

    set_id: UUID
    name: str
    sealed_at: datetime
    pictures: int
    excluded_at: datetime | None
    """When the last of them was excluded; None while one of them may be used."""
    excluded_because: Exclusion | None


async def eligibilities(viewer: Viewer, generation_ids: Sequence[UUID], allows: Allows) -> list[Eligibility]:
    """Return what holds of each of the viewer's generations; of one that is gone, nothing. Four statements."""
    rows = await fetch(
        f"""SELECT {FACTS}, EXISTS (
              SELECT FROM generated_images i WHERE i.generation_id = g.id AND i.picture_id IS NOT NULL) AS stored
            FROM generations g JOIN users u ON u.id = g.user_id WHERE g.user_id = $1 AND g.id = ANY($2)""",  # noqa: S608
        viewer.user_id,
        list(generation_ids),
    )
    answers = await ask_about(viewer.user_id, allows)
    found = {row["generation_id"]: eligibility(row, answers) for row in rows}
    return [found.get(id, NOTHING) for id in generation_ids]


async def own_data_sets(viewer: Viewer, *, first: int, before: UUID | None = None) -> list[Membership]:
    """Return the sealed data sets that hold pictures of the viewer's, newest first, older than `before`."""
    rows = await fetch(
        f"""SELECT {_MEMBERSHIP} FROM training_items t JOIN training_sets s ON s.id = t.set_id
            WHERE {_OWN} AND ($3::uuid IS NULL OR s.id < $3) GROUP BY s.id ORDER BY s.id DESC LIMIT $2""",  # noqa: S608
        viewer.user_id,
        first,
        before,
    )
    return [_membership(row) for row in rows]


async def data_sets_of(viewer: Viewer, generation_ids: Sequence[UUID]) -> list[list[Membership]]:
    """Return the latest data sets that hold pictures of each of the viewer's generations. One statement."""
    rows = await fetch(
        f"""SELECT wanted.id AS generation_id, found.* FROM unnest($2::uuid[]) AS wanted (id) CROSS JOIN LATERAL (
              SELECT {_MEMBERSHIP} FROM generated_images i JOIN training_items t ON t.picture_id = i.picture_id
              JOIN training_sets s ON s.id = t.set_id
              WHERE i.generation_id = wanted.id AND {_OWN} GROUP BY s.id ORDER BY s.id DESC LIMIT $3) found""",  # noqa: S608
        viewer.user_id,
        list(generation_ids),
        MAX_OF_ONE,
    )
    found: dict[UUID, list[Membership]] = defaultdict(list)
    for row in rows:
        found[row["generation_id"]].append(_membership(row))
    return [found[id] for id in generation_ids]


_OWN = "t.subject_id = (SELECT id FROM subject_aliases WHERE user_id = $1) AND s.sealed_at IS NOT NULL"
_MEMBERSHIP = """s.id AS set_id, s.name, s.sealed_at, count(*) AS pictures,
                 CASE WHEN bool_and(t.excluded_at IS NOT NULL) THEN max(t.excluded_at) END AS excluded_at,
                 CASE WHEN bool_and(t.excluded_at IS NOT NULL) THEN max(t.excluded_because) END AS excluded_because"""


def _membership(row: Row) -> Membership:
    because = Exclusion(row["excluded_because"]) if row["excluded_because"] else None
    return Membership(row["set_id"], row["name"], row["sealed_at"], row["pictures"], row["excluded_at"], because)
