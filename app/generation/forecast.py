"""How long it will take: the place in the queue, and when it should be done.

Nobody counts workers: how many generations run at present says how many are worked on at once, however many processes
share them. The pace is that of the engine's latest pictures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.core.db import fetch, fetch_one
from app.core.viewer import Viewer

SAMPLE = 50
"""How many finished generations the pace is taken from."""
UNKNOWN_PACE = 5.0
"""Seconds per picture while an engine has finished none."""


_PACE = f"""COALESCE((SELECT avg(extract(epoch FROM d.finished_at - d.started_at) / d.count)::float8 FROM (
    SELECT finished_at, started_at, count FROM generations
    WHERE status = 'SUCCEEDED' AND engine = g.engine ORDER BY id DESC LIMIT {SAMPLE}) d), {UNKNOWN_PACE})"""  # noqa: S608
"""Seconds per picture of the engine of `g`."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """Of one unfinished generation."""

    queue_position: int | None
    """1 is next; None while it runs."""
    finish_at: datetime


@dataclass(frozen=True, slots=True)
class Wait:
    """What a wish would meet if it were sent now."""

    queue_position: int
    seconds: float


async def forecasts(viewer: Viewer, ids: Sequence[UUID]) -> list[Forecast | None]:
    """Return the forecast of each of the viewer's generations; None for what has ended or is not theirs.

    One statement, whatever the number of ids.
    """
    rows = await fetch(
        f"""WITH queue AS (
              SELECT id, row_number() OVER w AS place, sum(count) OVER (w ROWS UNBOUNDED PRECEDING) AS images
              FROM generations WHERE status = 'QUEUED' WINDOW w AS (ORDER BY id)),
            running AS (SELECT GREATEST(count(*), 1) AS n FROM generations WHERE status = 'RUNNING')
            SELECT g.id, q.place, now() AS now, g.started_at, g.count, q.images, running.n, {_PACE} AS pace
            FROM generations g CROSS JOIN running LEFT JOIN queue q ON q.id = g.id
            WHERE g.user_id = $1 AND g.id = ANY($2) AND g.status IN ('QUEUED', 'RUNNING')""",  # noqa: S608
        viewer.user_id,
        list(ids),
    )
    found: dict[UUID, Forecast] = {}
    for row in rows:
        if row["place"] is None:
            finish = row["started_at"] + timedelta(seconds=row["pace"] * row["count"])
        else:
            finish = row["now"] + timedelta(seconds=_seconds(row["pace"], row["images"], row["n"], row["count"]))
        found[row["id"]] = Forecast(row["place"], max(finish, row["now"]))
    return [found.get(id) for id in ids]


async def wait_for(engine: str, count: int) -> Wait:
    """Return what a wish of `count` pictures would meet now."""
    row = await fetch_one(
        f"""SELECT count(*) FILTER (WHERE status = 'QUEUED') AS waiting,
                   COALESCE(sum(count) FILTER (WHERE status = 'QUEUED'), 0) AS images,
                   GREATEST(count(*) FILTER (WHERE status = 'RUNNING'), 1) AS n,
                   (SELECT {_PACE} FROM (SELECT $1::text AS engine) g) AS pace
            FROM generations WHERE status IN ('QUEUED', 'RUNNING')""",  # noqa: S608
        engine,
    )
    if row is None:
        raise RuntimeError("an aggregate without a row")
    return Wait(row["waiting"] + 1, _seconds(row["pace"], row["images"] + count, row["n"], count))


def _seconds(pace: float, images: int, at_once: int, own: int) -> float:
    """Return the seconds until `own` pictures are done that end a queue of `images`, worked on `at_once`."""
    return float(pace) * max((float(images) - own) / at_once + own, 0.0)
