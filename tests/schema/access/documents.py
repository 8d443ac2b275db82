"""Documents that select everything: made from the schema, so that no field is left out of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
)

from schema.extensions.limits import MAX_FIELDS

Path = frozenset[str]
PAGE = 3
"""Objects of each list below the root."""
PARTS = 3
_AS = "_AS_"


@dataclass(frozen=True, slots=True)
class Part:
    """Which of a person's lists are asked for: each has a part. None: no list."""

    number: int | None

    def has(self, kind: GraphQLObjectType, name: str) -> bool:
        """Return whether the list is of this part."""
        lists = sorted(each for each, field in kind.fields.items() if "first" in field.args)
        return self.number is not None and lists.index(name) % PARTS == self.number


NO_LISTS = Part(None)


def documents(schema: GraphQLSchema, type_name: str, field_name: str, types: Collection[str] = ()) -> list[str]:
    """Return operations that together ask for a root field and for all that is below it, each within the limits.

    A person has more than one operation may ask for: the lists of theirs are asked for in parts. What a mutation
    returns is asked for once, without the lists of people, which the queries show.
    """
    if type_name != "Query":
        return [everything(schema, type_name, field_name, types, NO_LISTS)]
    whole = everything(schema, type_name, field_name, types)
    if whole.count(" ") < MAX_FIELDS:  # an upper bound: each field has a space before it
        return [whole]
    return [everything(schema, type_name, field_name, types, Part(number)) for number in range(PARTS)]


def everything(
    schema: GraphQLSchema, type_name: str, field_name: str, types: Collection[str] = (), part: "Part | None" = None
) -> str:
    """Return an operation that asks for a root field and for all that is below it, with its arguments as variables.

    `types` are those that are asked about where the field is of an interface; all where none is named. Of the lists
    that a person has, those of the `part`; None: all.
    """
    root = schema.type_map[type_name]
    assert isinstance(root, GraphQLObjectType)
    field = root.fields[field_name]
    variables = ", ".join(f"${name}: {argument.type}" for name, argument in field.args.items())
    arguments = ", ".join(f"{name}: ${name}" for name in field.args)
    head = f"{type_name.lower()} Walk{f'({variables})' if variables else ''}"
    below = _selection(schema, get_named_type(field.type), frozenset(), types, part)
    return f"{head} {{ {field_name}{f'({arguments})' if arguments else ''}{below} }}"


def _selection(
    schema: GraphQLSchema, kind: GraphQLNamedType, path: Path, only: Collection[str] = (), part: Part | None = None
) -> str:
    """Return what is selected of a type; of one that is on the path already, its name only."""
    if is_leaf_type(kind):
        return ""
    if kind.name in path:
        return " { __typename }"
    if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
        types = [each for each in schema.get_possible_types(kind) if not only or each.name in only]
        torn = _torn(types)
        kinds = " ".join(f"... on {each.name}{_object(schema, each, path | {kind.name}, torn, part)}" for each in types)
        return f" {{ __typename {'id ' if 'id' in getattr(kind, 'fields', ()) else ''}{kinds} }}"
    assert isinstance(kind, GraphQLObjectType)
    return _object(schema, kind, path, frozenset(), part)


def field_of(key: str) -> str:
    """Return the name of the field behind a key of an answer."""
    return key.partition(_AS)[0]


def _torn(types: Iterable[GraphQLObjectType]) -> frozenset[str]:
    """Return the names that stand for other things in one type than in another: one answer cannot have both."""
    meanings: dict[str, set[str]] = defaultdict(set)
    for kind in types:
        for name, field in kind.fields.items():
            meanings[name].add(str(field.type))
    return frozenset(name for name, found in meanings.items() if len(found) > 1)


def _object(schema: GraphQLSchema, kind: GraphQLObjectType, path: Path, torn: frozenset[str], part: Part | None) -> str:
    below = path | {kind.name}
    fields = (
        f"{f'{name}{_AS}{kind.name}: ' if name in torn else ''}{_field(schema, kind, name, below, part)}"
        for name in kind.fields
    )
    return f" {{ __typename {' '.join(fields)} }}"


def _field(schema: GraphQLSchema, kind: GraphQLObjectType, name: str, path: Path, part: Part | None) -> str:
    field: GraphQLField = kind.fields[name]
    below = _selection(schema, get_named_type(field.type), path, (), part)
    if kind.name == "User" and "first" in field.args and part is not None and not part.has(kind, name):
        below = " { __typename }"
    if kind.name.endswith("Edge") and below:  # the same objects are in `nodes`
        below = " { __typename }"
    return f"{name}{f'(first: {PAGE})' if 'first' in field.args else ''}{below}"
