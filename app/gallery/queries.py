"""What everybody may see. Two statements a page: the items with their authors, and their pictures.

Showing what its author published is what they asked for, so the activity is the making of pictures; who is restricted
to storage, or said to be a child, shows nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from app.core.db import Row, fetch
from app.core.personal_data import Activity, Category
from app.core.purposes import Allows, reachable
from app.generation.queries import ReadyImage, ready_images

MAX_SEARCH = 100
"""Characters of a search."""


@dataclass(frozen=True, slots=True)
class PublicProfile:
    """What others see of a person."""

    id: UUID
    display_name: str
    avatar: UUID | None
    """Their picture."""


@dataclass(frozen=True, slots=True)
class ShownItem:
    """A published generation."""

    id: UUID
    author: PublicProfile
    prompt: str | None
    style: str | None
    published_at: datetime
    images: list[ReadyImage] = field(default_factory=list)


async def gallery(
    activity: Activity,
    allows: Allows,
    *,
    first: int,
    before: UUID | None = None,
    search: str | None = None,
    style: str | None = None,
    author: UUID | None = None,
) -> list[ShownItem]:
    """Return the latest items, at most `first`, older than `before`.

    `search` looks for words in the prompts that their authors show, and in no others. Raises what `allows` raises.
    """
    await allows(None, activity, Category.CONTENT)
    if style is not None and "\x00" in style:  # PostgreSQL cannot hold it, so no style has it
        return []
    conditions: list[str] = [reachable(activity, "u"), "NOT g.hidden"]
    values: list[object] = [first]
    for condition, value in (
        ("g.id < ${}", before),
        ("g.prompt ILIKE ${}", _pattern(search) if search else None),
        ("g.style = ${}", _storable(style) if style else style),
        ("g.author_id = ${}", author),
    ):
        if value is not None:
            values.append(value)
            conditions.append(condition.format(len(values)))
    where = " AND ".join(conditions)
    return await _with_images(await fetch(f"{_ITEMS} WHERE {where} ORDER BY g.id DESC LIMIT $1", *values))


async def items_by_id(ids: Sequence[UUID], activity: Activity, allows: Allows) -> list[ShownItem | None]:
    """Return items in the order of their ids; None for what is not (or no longer) shown."""
    await allows(None, activity, Category.CONTENT)
    rows = await fetch(f"{_ITEMS} WHERE {reachable(activity, 'u')} AND NOT g.hidden AND g.id = ANY($1)", list(ids))
    found = {item.id: item for item in await _with_images(rows)}
    return [found.get(id) for id in ids]


async def profiles(user_ids: Sequence[UUID], activity: Activity, allows: Allows) -> list[PublicProfile | None]:
    """Return profiles in the order of the ids; None for who shows nothing: they have none."""
    await allows(None, activity, Category.IDENTITY)
    rows = await fetch(
        f"""SELECT u.id, u.display_name, a.picture_id FROM users u LEFT JOIN avatars a ON a.person_id = u.id
           WHERE u.id = ANY($1) AND {reachable(activity, "u")}
             AND EXISTS (SELECT 1 FROM gallery_items g WHERE g.author_id = u.id AND NOT g.hidden)""",  # noqa: S608
        list(user_ids),
    )
    found = {row["id"]: PublicProfile(row["id"], row["display_name"], row["picture_id"]) for row in rows}
    return [found.get(id) for id in user_ids]


_ITEMS = """SELECT g.id, g.generation_id, g.prompt, g.style, g.published_at, u.id AS author_id, u.display_name,
                   a.picture_id
            FROM gallery_items g JOIN users u ON u.id = g.author_id LEFT JOIN avatars a ON a.person_id = u.id"""


async def _with_images(rows: list[Row]) -> list[ShownItem]:
    items = {
        row["generation_id"]: ShownItem(
            row["id"],
            PublicProfile(row["author_id"], row["display_name"], row["picture_id"]),
            row["prompt"],
            row["style"],
            row["published_at"],
        )
        for row in rows
    }
    if items:
        for generation_id, image in await ready_images(list(items)):
            items[generation_id].images.append(image)
    return list(items.values())


def _pattern(search: str) -> str:
    """Return an ILIKE pattern that finds the words in their order; wildcards of the search mean themselves."""
    escaped = _storable(search[:MAX_SEARCH]).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{'%'.join(escaped.split())}%"


def _storable(text: str) -> str:
    """Return a text without the one character that PostgreSQL's text cannot hold."""
    return text.replace("\x00", "")
