"""Every field says whether it shows something personal, and what it says is the registry's."""

import re
from typing import Any

import pytest
from graphql import FieldDefinitionNode, GraphQLObjectType, build_schema

from app.cli.schema_changes import breaks
from app.core.personal_data import NOT_PERSONAL
from schema.executable import build
from schema.personal_data import NOTHING, SHOWS, Source, column_of, mark, unmarked
from tests.cli.test_schema_changes import TODAY

SDL = build().as_str()
SCHEMA = build_schema(SDL)


def told(type_name: str, name: str) -> dict[str, str] | None:
    """Return what the schema says of a field."""
    kind = SCHEMA.type_map[type_name]
    assert isinstance(kind, GraphQLObjectType)
    node = kind.fields[name].ast_node
    assert isinstance(node, FieldDefinitionNode)
    for directive in node.directives or ():
        if directive.name.value == "personalData":
            values: dict[str, Any] = {each.name.value: each.value for each in directive.arguments or ()}
            return {name: str(value.value) for name, value in values.items()}
    return None


def test_every_field_says_what_it_shows() -> None:
    assert unmarked(SCHEMA) == []


def test_what_the_schema_says_is_what_the_registry_says() -> None:
    marked = 0
    for (type_name, name), source in SHOWS.items():
        column = column_of(source)
        wanted = None
        if column is not None and column.is_personal:
            wanted = {"category": column.category.value, "retention": column.retention.value}
            marked += 1
        assert told(type_name, name) == wanted, (type_name, name)
    assert marked == len(re.findall(r"@personalData\(category: [A-Z]+, ", SDL)) > 100
    assert told("User", "email") == {"category": "CONTACT", "retention": "while the account exists"}
    assert told("ReferenceImage", "hasFace") == {
        "category": "FACE",
        "retention": "24 hours, or while the account exists where it is saved",
    }
    assert told("Engine", "name") is None


def test_a_field_of_an_interface_is_marked_for_each_type_by_itself() -> None:
    assert told("Session", "id") is None
    assert column_of(SHOWS["Session", "id"]) is NOT_PERSONAL
    assert told("Generation", "id") == {"category": "CONTENT", "retention": "while the account exists"}
    assert told("GalleryItem", "id") == {"category": "CONTENT", "retention": "as long as what it belongs to"}


def test_any_entry_that_is_missing_is_named() -> None:
    for field in SHOWS:
        rest = {name: source for name, source in SHOWS.items() if name != field}

        assert unmarked(SCHEMA, rest) == [f"{'.'.join(field)}: say in schema/personal_data.py what it shows"]


def test_no_schema_is_built_with_a_field_that_says_nothing() -> None:
    rest = {field: source for field, source in SHOWS.items() if field != ("User", "email")}

    with pytest.raises(ValueError, match=r"^User\.email: say in schema/personal_data\.py what it shows$"):
        mark(SCHEMA, rest)


@pytest.mark.parametrize(
    ("field", "source", "fault"),
    [
        (("User", "shoeSize"), NOTHING, "User.shoeSize: in schema/personal_data.py, but not in the schema"),
        (("User", "email"), ("users", "mail"), "User.email: the registry has no users.mail"),
        (("User", "email"), ("people", "email"), "User.email: the registry has no people.email"),
    ],
)
def test_an_entry_that_leads_nowhere_is_named(field: tuple[str, str], source: Source, fault: str) -> None:
    assert unmarked(SCHEMA, {**SHOWS, field: source}) == [fault]


@pytest.mark.parametrize("source", [("totps", "secret"), ("sessions", "last_used_at"), ("totps", "used_at")])
def test_a_second_source_of_which_the_registry_says_something_else_is_named(source: Source) -> None:
    fault = f"SecondFactor.lastUsedAt: the registry says something else of {'.'.join(source)}"

    assert unmarked(SCHEMA, also={("SecondFactor", "lastUsedAt"): source}) == [fault]


def test_clients_are_not_broken_by_it() -> None:
    before = SDL.replace(' @personalData(category: CONTACT, retention: "while the account exists")', "")

    assert before != SDL
    assert breaks(before, SDL, TODAY) == []
