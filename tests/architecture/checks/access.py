"""The schema and the table of who may see what have to agree."""

from collections.abc import Collection, Iterable, Mapping

from graphql import GraphQLNamedType, GraphQLNonNull, GraphQLObjectType, GraphQLSchema

from schema.access import Access

Coordinate = tuple[str, str]
Table = Mapping[Coordinate, Access]


def disagreements(schema: GraphQLSchema, table: Table) -> list[str]:
    """Name the fields without an entry and the entries without a field."""
    fields = set(coordinates(schema))
    return [
        *(f"{_name(field)} has no entry in ACCESS" for field in sorted(fields - table.keys())),
        *(f"{_name(field)} is in ACCESS but not in the schema" for field in sorted(table.keys() - fields)),
    ]


def careless_mutations(schema: GraphQLSchema) -> list[str]:
    """Name the mutations whose denial would take `data` with it, or that do not promise a value otherwise.

    The schema is one built from SDL: only that knows the directives of its fields.
    """
    found = []
    for name, field in schema.mutation_type.fields.items() if schema.mutation_type else ():
        if isinstance(field.type, GraphQLNonNull):
            found.append(f"Mutation.{name} is not nullable")
        directives = (field.ast_node.directives if field.ast_node else None) or ()
        if "semanticNonNull" not in {directive.name.value for directive in directives}:
            found.append(f"Mutation.{name} lacks @semanticNonNull")
    return found


def careless_fields(schema: GraphQLSchema, table: Table) -> list[str]:
    """Name the fields that are narrower than their type and not nullable: their denial takes the object with it.

    A subscription has one root field (GraphQL, 5.2.3.1), whose denial takes nothing of another one.
    """
    found = []
    for kind in _objects(schema.type_map.values()):
        entries = {name: table[kind.name, name] for name in kind.fields if (kind.name, name) in table}
        anonymous = any(entry.anonymous for entry in entries.values())
        scopes = frozenset().union(*(entry.scopes for entry in entries.values()))
        if kind is schema.subscription_type:
            continue
        narrow = [name for name, entry in entries.items() if entry.anonymous is not anonymous or entry.scopes != scopes]
        found += [f"{kind.name}.{name}" for name in narrow if isinstance(kind.fields[name].type, GraphQLNonNull)]
    return [f"{name} is narrower than its type and not nullable" for name in found]


def unwalked(schema: GraphQLSchema, walked: Collection[Coordinate]) -> list[str]:
    """Name the root fields that no case of the walk asks for, and the cases of fields that are gone."""
    roots = [root for root in (schema.query_type, schema.mutation_type, schema.subscription_type) if root]
    fields = {(root.name, name) for root in roots for name in root.fields}
    return [
        *(f"{_name(field)} is not walked" for field in sorted(fields - set(walked))),
        *(f"{_name(field)} is walked, but not there" for field in sorted(set(walked) - fields)),
    ]


def coordinates(schema: GraphQLSchema) -> Iterable[Coordinate]:
    """Yield type and name of every field of every object type."""
    for kind in _objects(schema.type_map.values()):
        for name in kind.fields:
            yield kind.name, name


def _objects(kinds: Iterable[GraphQLNamedType]) -> list[GraphQLObjectType]:
    return [kind for kind in kinds if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__")]


def _name(field: Coordinate) -> str:
    return ".".join(field)
