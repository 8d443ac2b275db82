"""Relay's server specification: global ids, `Node`, and forward connections with keyset cursors.

Plain attributes throughout: what a page shows is built once from its rows, and no field of it is a coroutine.
"""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

import strawberry
from graphql import GraphQLError

from schema.directives import Cost

MAX_PAGE = 100


@strawberry.interface(description="An object with a globally unique id (Relay).")
class Node:
    """Anything that `node(id:)` can find."""

    id: strawberry.ID = strawberry.field(description="Globally unique and opaque.")


NodeT = TypeVar("NodeT")


@strawberry.type(description="Whether there is more, and where to go on.", directives=[Cost(weight=0)])
class PageInfo:
    """Forward pagination only."""

    has_next_page: bool = strawberry.field(description="Whether more follows.")
    has_previous_page: bool = strawberry.field(description="Whether the page began behind a cursor.")
    start_cursor: str | None = strawberry.field(description="The first edge's cursor.")
    end_cursor: str | None = strawberry.field(description="Send it as `after` for the next page.")


@strawberry.type(description="An object and where it stands in the list.", directives=[Cost(weight=0)])
class Edge(Generic[NodeT]):
    """Relay's edge."""

    cursor: str = strawberry.field(description="Opaque; good for `after`.")
    node: NodeT = strawberry.field(description="The object.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[NodeT]):
    """Relay's connection."""

    page_info: PageInfo = strawberry.field(description="Where this page stands.")
    edges: list[Edge[NodeT]] = strawberry.field(description="The page's objects, in order.")
    nodes: list[NodeT] = strawberry.field(description="The same objects without their cursors.")


def connection(nodes: Sequence[NodeT], keys: Sequence[UUID], first: int, after: str | None) -> Connection[NodeT]:
    """Build a page from up to `first + 1` objects and the keys that they are sorted by."""
    return page_of(nodes, [encode_cursor(key) for key in keys[:first]], first, after)


def page_of(nodes: Sequence[NodeT], cursors: Sequence[str], first: int, after: str | None) -> Connection[NodeT]:
    """Build a page from up to `first + 1` objects and the cursors of those that are shown."""
    shown = list(nodes[:first])
    info = PageInfo(
        has_next_page=len(nodes) > first,
        has_previous_page=after is not None,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )
    edges = [Edge(cursor=cursor, node=node) for cursor, node in zip(cursors, shown, strict=True)]
    return Connection(page_info=info, edges=edges, nodes=shown)


def check_first(first: int) -> int:
    """Return `first`. Raises GraphQLError outside of 0 to 100."""
    if not 0 <= first <= MAX_PAGE:
        raise GraphQLError(f"`first` is 0 to {MAX_PAGE}.", extensions={"code": "BAD_USER_INPUT"})
    return first


def global_id(type_name: str, key: UUID) -> strawberry.ID:
    """Return the Relay id of an object."""
    return strawberry.ID(_encode(f"{type_name}:{key}"))


def parse_global_id(value: str) -> tuple[str, UUID] | None:
    """Return type name and key; None for what is no id of ours."""
    type_name, _, key = _decode(value).partition(":")
    try:
        return type_name, UUID(key)
    except ValueError:
        return None


def encode_cursor(key: UUID) -> str:
    """Return the opaque keyset cursor of a row."""
    return _encode(f"key:{key}")


def decode_cursor(cursor: str | None) -> UUID | None:
    """Return the key that the next page starts behind. Raises GraphQLError for what is no cursor of ours."""
    if cursor is None:
        return None
    parsed = parse_global_id(cursor)
    if parsed is None or parsed[0] != "key":
        raise _no_cursor()
    return parsed[1]


def encode_place(moment: datetime | None, key: UUID) -> str:
    """Return the opaque keyset cursor of a row in a list that is sorted by a moment; None comes last."""
    return _encode(f"at:{moment.isoformat() if moment else ''}/{key}")


def decode_place(cursor: str | None) -> tuple[datetime | None, UUID] | None:
    """Return where the next page starts. Raises GraphQLError for what is no cursor of ours."""
    if cursor is None:
        return None
    name, _, place = _decode(cursor).partition(":")
    moment, _, key = place.partition("/")
    try:
        found = (datetime.fromisoformat(moment) if moment else None), UUID(key)
        if name != "at" or (found[0] and found[0].tzinfo is None):
            raise ValueError(name)
    except ValueError:
        raise _no_cursor() from None
    return found


def _no_cursor() -> GraphQLError:
    return GraphQLError("`after` is no cursor of this list.", extensions={"code": "BAD_USER_INPUT"})


def _encode(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(value: str) -> str:
    try:
        return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)).decode()
    except (ValueError, binascii.Error):
        return ""
