"""No operation can be made dearer than its price says."""

import strawberry

from app.main import graphql_schema
from schema.directives import PAGE, Cost, ListSize
from tests.architecture.checks.costs import uncounted_lists, uncounted_pages


def test_every_list_and_every_page_counts() -> None:
    schema = graphql_schema()._schema

    assert uncounted_lists(schema) == []
    assert uncounted_pages(schema) == []


@strawberry.type
class Leaf:
    name: str


@strawberry.type(directives=[Cost(weight=0)])
class Free:
    name: str


@strawberry.type
class LeafConnection:
    nodes: list[Leaf]


@strawberry.type
class Careless:
    names: list[str]
    free: list[Free]
    leaves: list[Leaf]
    counted: list[Leaf] = strawberry.field(directives=[ListSize(assumed_size=3)])
    page: LeafConnection
    sliced: LeafConnection = strawberry.field(directives=[PAGE])


def test_what_does_not_count_is_named() -> None:
    schema = strawberry.Schema(query=Careless)._schema

    assert uncounted_lists(schema) == ["Careless.leaves has no @listSize"]
    assert uncounted_pages(schema) == [
        "Careless.page is a connection without @listSize",
        "Careless.sliced has no edges",
        "Careless.sliced has no first",
    ]
