"""The pages of an export: HTML that a browser shows without a network, without a script and without anything from
elsewhere.
"""

from collections.abc import AsyncGenerator, AsyncIterable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.core.db import Row
from app.privacy.export.words import in_words, title

FOLDER = Path(__file__).parent / "templates"
PAGES, DATA = "pages", "data"
"""Folders of the archive."""
ROWS = 200
"""Rows of a page."""
WORKS = 48
"""Generations of a page."""
MAX_SHOWN = 4000
"""Characters of a value that a page shows; the JSON has all of it."""
HAVE_PICTURES = ("generated_images", "reference_images", "avatars")
"""Tables whose rows refer to pictures that are there; others keep the id of what may be gone."""
_environment = Environment(
    loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_environment.globals["style"] = (FOLDER / "style.css").read_text()


PathOf = Callable[[UUID], str | None]
"""Where a picture lies in the archive."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A value on a page, and the file that it leads to."""

    name: str
    value: str
    link: str | None


@dataclass(frozen=True, slots=True)
class Work:
    """A generation on a page."""

    prompt: str
    style: str | None
    status: str
    at: datetime
    pictures: Sequence[Mapping[str, object]]
    """Path, width and height of each that there is a file of."""


def rendered(template: str, values: Mapping[str, object]) -> bytes:
    """Return a page; every value is escaped."""
    return _environment.get_template(template).render(values).encode()


async def grouped(rows: AsyncIterable[dict[str, Any]], size: int = ROWS) -> AsyncGenerator[list[dict[str, Any]], None]:
    """Yield rows in groups of `size`, the last one shorter."""
    group: list[dict[str, Any]] = []
    async for row in rows:
        group.append(row)
        if len(group) == size:
            yield group
            group = []
    if group:
        yield group


def page_path(table: str, number: int) -> str:
    """Return where a page of a table is, counted from 1."""
    return f"{PAGES}/{table}-{number}.html"


def data_path(table: str) -> str:
    """Return where the rows of a table are, for programs."""
    return f"{DATA}/{table}.json"


def row_page(table: str, rows: Sequence[Mapping[str, Any]], number: int, *, is_last: bool, path_of: PathOf) -> bytes:
    """Return a page of rows of a table."""
    values = {
        "heading": title(table),
        "words": in_words(table),
        "rows": [
            [_shown(key, value, path_of if table in HAVE_PICTURES else _nowhere) for key, value in row.items()]
            for row in rows
        ],
        "number": number,
        "data": f"../{data_path(table)}",
        "name": table,
        "is_last": is_last,
    }
    return rendered("rows.html", values)


def work_page(works: Sequence[Row], number: int, *, is_last: bool, path_of: PathOf) -> bytes:
    """Return a page of generations with their pictures."""
    shown = [shown_work(row, path_of, "../") for row in works]
    return rendered("works.html", {"works": shown, "number": number, "is_last": is_last, "name": "works"})


def shown_work(row: Row, path_of: PathOf, up: str = "") -> Work:
    """Return what a page shows of a generation."""
    pictures = [
        {"path": f"{up}{path}", "width": picture["width"], "height": picture["height"]}
        for picture in row["pictures"]
        if (path := path_of(UUID(picture["id"])))
    ]
    return Work(row["prompt"], row["style"], row["status"].lower(), row["created_at"], pictures)


def _nowhere(_picture: UUID) -> None:
    return None


def _shown(key: str, value: Any, path_of: PathOf) -> Shown:
    text = "" if value is None else str(value)
    if len(text) > MAX_SHOWN:
        text = f"{text[:MAX_SHOWN]}… (the JSON has all of it)"
    path = path_of(UUID(value)) if key == "pictureId" and value else None
    return Shown(title(key), text, f"../{path}" if path else None)
