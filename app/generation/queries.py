"""Reads of generations by their owner. Plain objects, made from rows; at most two statements a page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from app.core.db import Row, fetch, fetch_one
from app.core.viewer import Viewer
from app.generation.status import GenerationStatus
from app.generation.wishes import Visibility

_COLUMNS = """id, prompt, negative_prompt, engine, seed, width, height, count, style, visibility, show_prompt, status,
              notes, failure_code, failure_message, failure_retryable, created_at, started_at, finished_at"""


@dataclass(frozen=True, slots=True)
class ReadyImage:
    """A finished image."""

    id: UUID
    index: int
    picture_id: UUID
    width: int
    height: int
    byte_size: int
    content_type: str
    placeholder: str


@dataclass(frozen=True, slots=True)
class WithheldImage:
    """An image that a safety check withheld."""

    index: int
    stage: str
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GenerationRecord:
    """A generation as its owner sees it."""

    id: UUID
    prompt: str
    negative_prompt: str | None
    engine: str
    seed: int
    width: int
    height: int
    count: int
    style: str | None
    visibility: Visibility
    show_prompt: bool
    status: GenerationStatus
    notes: list[str]
    failure_code: str | None
    failure_message: str | None
    failure_retryable: bool | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    ready: list[ReadyImage] = field(default_factory=list)
    withheld: list[WithheldImage] = field(default_factory=list)

    @property
    def progress(self) -> float:
        """The share of the images that are decided, 0 to 1."""
        if self.status is GenerationStatus.SUCCEEDED:
            return 1.0
        return (len(self.ready) + len(self.withheld)) / self.count


async def generations(
    viewer: Viewer, *, first: int, before: UUID | None = None, status: GenerationStatus | None = None
) -> list[GenerationRecord]:
    """Return the viewer's generations, newest first, at most `first`, older than `before`."""
    conditions, values = ["user_id = $1"], [viewer.user_id, first]
    if before is not None:
        values.append(before)
        conditions.append(f"id < ${len(values)}")
    if status is not None:
        values.append(status.value)
        conditions.append(f"status = ${len(values)}")
    where = " AND ".join(conditions)
    rows = await fetch(
        f"SELECT {_COLUMNS} FROM generations WHERE {where} ORDER BY id DESC LIMIT $2",  # noqa: S608
        *values,
    )
    return await _with_images(rows)


async def generations_by_id(viewer: Viewer, ids: Sequence[UUID]) -> list[GenerationRecord | None]:
    """Return the viewer's generations of these ids, in their order; None for what is not theirs."""
    rows = await fetch(
        f"SELECT {_COLUMNS} FROM generations WHERE user_id = $1 AND id = ANY($2)",  # noqa: S608
        viewer.user_id,
        list(ids),
    )
    found = {record.id: record for record in await _with_images(rows)}
    return [found.get(id) for id in ids]


async def images_by_id(viewer: Viewer, ids: Sequence[UUID]) -> list[ReadyImage | None]:
    """Return finished images of the viewer's generations, in the order of the ids; None for what is not theirs."""
    rows = await fetch(
        f"""{_IMAGES} JOIN generations g ON g.id = i.generation_id
            WHERE g.user_id = $1 AND i.id = ANY($2) AND p.id IS NOT NULL""",
        viewer.user_id,
        list(ids),
    )
    found = {row["id"]: _ready(row) for row in rows}
    return [found.get(id) for id in ids]


async def ready_images(generation_ids: Sequence[UUID]) -> list[tuple[UUID, ReadyImage]]:
    """Return the finished images of published generations, each with its generation's id, in their order."""
    rows = await fetch(
        f"{_IMAGES} WHERE i.generation_id = ANY($1) AND p.id IS NOT NULL ORDER BY i.generation_id, i.index",
        list(generation_ids),
    )
    return [(row["generation_id"], _ready(row)) for row in rows]


async def share_decided(generation_id: UUID) -> float:
    """Return the share of a generation's images that have an outcome, 0 to 1."""
    row = await fetch_one(
        """SELECT (SELECT count(*) FROM generated_images i WHERE i.generation_id = g.id)::float8 / g.count AS share
           FROM generations g WHERE g.id = $1""",
        generation_id,
    )
    return float(row["share"]) if row else 0.0


_IMAGES = """SELECT i.id, i.generation_id, i.index, p.id AS picture_id, i.rejected_stage, i.rejected_categories,
                    p.width, p.height, p.placeholder, p.variants
             FROM generated_images i LEFT JOIN pictures p ON p.id = i.picture_id AND p.state <> 'FROZEN'"""
"""A frozen picture is neither there nor withheld."""


async def _with_images(rows: list[Row]) -> list[GenerationRecord]:
    records = {row["id"]: _record(row) for row in rows}
    if records:
        for row in await fetch(
            f"{_IMAGES} WHERE i.generation_id = ANY($1) ORDER BY i.generation_id, i.index", list(records)
        ):
            record = records[row["generation_id"]]
            if row["picture_id"] is not None:
                record.ready.append(_ready(row))
            elif row["rejected_stage"] is not None:
                record.withheld.append(_withheld(row))
    return list(records.values())


def _record(row: Row) -> GenerationRecord:
    values: dict[str, Any] = dict(row)
    values["visibility"] = Visibility(row["visibility"])
    values["status"] = GenerationStatus(row["status"])
    values["notes"] = orjson.loads(row["notes"])
    return GenerationRecord(**values)


def _ready(row: Row) -> ReadyImage:
    original = orjson.loads(row["variants"])["ORIGINAL"]
    return ReadyImage(
        row["id"],
        row["index"],
        row["picture_id"],
        row["width"],
        row["height"],
        original["byte_size"],
        original["content_type"],
        row["placeholder"],
    )


def _withheld(row: Row) -> WithheldImage:
    return WithheldImage(row["index"], row["rejected_stage"], tuple(orjson.loads(row["rejected_categories"])))
