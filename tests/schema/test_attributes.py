"""The short path for plain attributes answers as the executor would, or leaves the field to it."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from graphql import GraphQLObjectType

from schema.attributes import UNKNOWN, reader
from schema.executable import build
from schema.generation.enums import Visibility
from tests.fakes.server import RunningServer

MOMENT = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)


def type_named(name: str) -> GraphQLObjectType:
    found = build()._schema.type_map[name]
    assert isinstance(found, GraphQLObjectType)
    return found


def read(type_name: str, field: str) -> Callable[[Any], Any]:
    found = reader(type_named(type_name), field)
    assert found is not None, f"{type_name}.{field} takes the long path"
    return found


@pytest.mark.parametrize(
    ("field", "attributes", "value"),
    [
        ("prompt", {"prompt": "a person"}, "a person"),
        ("negativePrompt", {"negative_prompt": None}, None),
        ("showPrompt", {"show_prompt": True}, True),
        ("visibility", {"visibility": Visibility.PUBLIC}, "PUBLIC"),
        ("progress", {"progress": 0.25}, 0.25),
        ("createdAt", {"created_at": MOMENT}, "2026-11-24T12:30:00+00:00"),
        ("finishedAt", {"finished_at": None}, None),
    ],
)
def test_an_attribute_is_read_and_serialised(field: str, attributes: dict[str, Any], value: Any) -> None:
    assert read("Generation", field)(SimpleNamespace(**attributes)) == value


@pytest.mark.parametrize(
    ("field", "attributes"),
    [
        ("prompt", {"prompt": None}),
        ("prompt", {}),
        ("width", {"width": "no number"}),
        ("visibility", {"visibility": "no visibility"}),
    ],
)
def test_what_is_out_of_the_ordinary_is_left_to_the_executor(field: str, attributes: dict[str, Any]) -> None:
    assert read("Generation", field)(SimpleNamespace(**attributes)) is UNKNOWN


@pytest.mark.parametrize(
    ("type_name", "field"),
    [
        ("GeneratedImage", "url"),
        ("Generation", "engine"),
        ("Generation", "queuePosition"),
        ("Generation", "images"),
        ("Generation", "notes"),
        ("GalleryItem", "author"),
        ("Query", "viewer"),
        ("Generation", "__typename"),
        ("Generation", "nothing"),
    ],
)
def test_resolvers_lists_and_objects_are_left_to_the_executor(type_name: str, field: str) -> None:
    assert reader(type_named(type_name), field) is None


async def test_a_denied_attribute_is_not_read(server: RunningServer) -> None:
    created = await server.create(await server.sign_up())
    query = "query ($id: ID!) { node(id: $id) { id ... on Generation { prompt } } }"

    answer = await server.execute(query, {"id": created["generation"]["id"]})

    assert "a person" not in str(answer)
