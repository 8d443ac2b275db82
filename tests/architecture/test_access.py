"""The table of who may see what covers the schema, and denial never takes more than the field."""

import pytest
from graphql import GraphQLSchema, build_schema

from app.core.viewer import Scope
from schema.access import ACCESS, OWN, PUBLIC
from schema.executable import build
from tests.architecture.checks.access import careless_fields, careless_mutations, coordinates, disagreements, unwalked

SMALL = """
directive @semanticNonNull(levels: [Int!]! = [0]) on FIELD_DEFINITION
interface Thing { id: ID! }
type Query { thing: Thing }
type Mutation { make: Made @semanticNonNull }
type Made implements Thing { id: ID! secret: String }
"""
SMALL_TABLE = {
    ("Query", "thing"): PUBLIC,
    ("Mutation", "make"): OWN,
    ("Made", "id"): PUBLIC,
    ("Made", "secret"): OWN,
}


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return build_schema(build().as_str())


def test_the_table_covers_the_schema(schema: GraphQLSchema) -> None:
    assert ("Query", "node") in set(coordinates(schema))
    assert disagreements(schema, ACCESS) == []


def test_a_denied_mutation_leaves_the_others_their_data(schema: GraphQLSchema) -> None:
    assert schema.mutation_type is not None
    assert careless_mutations(schema) == []


def test_a_denied_field_leaves_the_others_their_object(schema: GraphQLSchema) -> None:
    assert careless_fields(schema, ACCESS) == []


def test_any_entry_that_is_missing_is_named(schema: GraphQLSchema) -> None:
    for field in ACCESS:
        rest = {name: entry for name, entry in ACCESS.items() if name != field}

        assert disagreements(schema, rest) == [f"{'.'.join(field)} has no entry in ACCESS"]


def test_an_entry_that_is_left_over_is_named(schema: GraphQLSchema) -> None:
    table = {**ACCESS, ("User", "shoeSize"): PUBLIC}

    assert disagreements(schema, table) == ["User.shoeSize is in ACCESS but not in the schema"]


def test_a_small_schema_agrees_with_its_table() -> None:
    schema = build_schema(SMALL)

    assert disagreements(schema, SMALL_TABLE) == []
    assert careless_mutations(schema) == []
    assert careless_fields(schema, SMALL_TABLE) == []


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        ("secret: String", "secret: String age: Int", ["Made.age has no entry in ACCESS"]),
        ("thing: Thing", "thing: Thing all: Int", ["Query.all has no entry in ACCESS"]),
        ("secret: String", "", ["Made.secret is in ACCESS but not in the schema"]),
        ("Made @", "Made! @", ["Mutation.make is not nullable"]),
        ("@semanticNonNull }", "}", ["Mutation.make lacks @semanticNonNull"]),
        ("secret: String", "secret: String!", ["Made.secret is narrower than its type and not nullable"]),
    ],
)
def test_each_fault_of_a_schema_is_named(old: str, new: str, faults: list[str]) -> None:
    schema = build_schema(SMALL.replace(old, new))

    found = disagreements(schema, SMALL_TABLE) + careless_mutations(schema) + careless_fields(schema, SMALL_TABLE)

    assert SMALL.count(old) == 1
    assert found == faults


def test_a_field_that_fewer_apps_may_see_than_its_type_is_named() -> None:
    app = OWN.to_apps(Scope.PROFILE)
    table = {**SMALL_TABLE, ("Made", "id"): app, ("Made", "secret"): OWN}

    assert careless_fields(build_schema(SMALL), table) == []
    narrowed = build_schema(SMALL.replace("secret: String", "secret: String!"))
    assert careless_fields(narrowed, table) == ["Made.secret is narrower than its type and not nullable"]


def test_a_root_field_that_the_walk_leaves_out_is_named() -> None:
    schema = build_schema(SMALL)

    assert unwalked(schema, {("Query", "thing"), ("Mutation", "make")}) == []
    assert unwalked(schema, {("Query", "thing"), ("Query", "gone")}) == [
        "Mutation.make is not walked",
        "Query.gone is walked, but not there",
    ]
