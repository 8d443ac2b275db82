"""Whatever can be long has a length that the price of an operation can count with."""

from collections.abc import Iterable

from graphql import (
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_composite_type,
    is_interface_type,
)

from schema.extensions.prices import is_list, list_size_of, weight_of

CONNECTION = "Connection"


def uncounted_lists(schema: GraphQLSchema) -> list[str]:
    """Name the lists whose objects cost something and whose length nothing says."""
    found = []
    for kind in _objects(schema):
        sized = {name for field in _fields_of_type(schema, kind) for name in _sized_fields(field)}
        for name, field in kind.fields.items():
            counts = list_size_of(field) is not None or name in sized
            if is_list(field.type) and _costs(schema, get_named_type(field.type)) and not counts:
                found.append(f"{kind.name}.{name} has no @listSize")
    return found


def uncounted_pages(schema: GraphQLSchema) -> list[str]:
    """Name the connections that are not sliced, and the arguments and fields that a directive speaks of in vain."""
    found = []
    for kind in _objects(schema):
        for name, field in kind.fields.items():
            size, page = list_size_of(field), get_named_type(field.type)
            if size is None:
                if page.name.endswith(CONNECTION):
                    found.append(f"{kind.name}.{name} is a connection without @listSize")
                continue
            inner = page.fields if isinstance(page, GraphQLObjectType) else {}
            missing = {*(size.slicing_arguments or ())} - field.args.keys() | {
                *(size.sized_fields or ())
            } - inner.keys()
            found += [f"{kind.name}.{name} has no {each}" for each in sorted(missing)]
    return found


def _objects(schema: GraphQLSchema) -> list[GraphQLObjectType]:
    kinds = schema.type_map.values()
    return [kind for kind in kinds if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__")]


def _fields_of_type(schema: GraphQLSchema, kind: GraphQLObjectType) -> Iterable[GraphQLField]:
    for parent in _objects(schema):
        yield from (field for field in parent.fields.values() if get_named_type(field.type) is kind)


def _sized_fields(field: GraphQLField) -> Iterable[str]:
    size = list_size_of(field)
    return (size.sized_fields or ()) if size else ()


def _costs(schema: GraphQLSchema, kind: GraphQLNamedType) -> bool:
    """Whether an object of that type, or what can be selected of it, costs anything."""
    if not is_composite_type(kind):
        return False
    types = schema.get_possible_types(kind) if is_interface_type(kind) else [kind]
    return any(
        weight_of(each) != 0 or any(is_composite_type(get_named_type(field.type)) for field in each.fields.values())
        for each in types
        if isinstance(each, GraphQLObjectType)
    )
