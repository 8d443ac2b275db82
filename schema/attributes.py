"""Fields that are plain attributes with a scalar or an enum in them: most of what a page consists of.

graphql-core asks the same questions of every field of every object: which resolver, which arguments, is it awaitable,
is it a list, an object, a leaf? For these fields the answers are known from the schema.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from graphql import GraphQLObjectType, Undefined, get_nullable_type, is_leaf_type, is_nullable_type
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

UNKNOWN = object()
"""Not told here: execute the field."""

Read = Callable[[Any], Any]


@cache
def reader(parent_type: GraphQLObjectType, field_name: str) -> Read | None:
    """Return what reads and serialises the field of an object, or None for a field that is no plain attribute.

    It returns UNKNOWN for what is out of the ordinary (null where it must not be, an error): the executor knows better.
    """
    field = parent_type.fields.get(field_name)
    definition = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF) if field else None
    if field is None or not isinstance(definition, StrawberryField):
        return None
    if field.args or not definition.is_basic_field:
        return None
    leaf = get_nullable_type(field.type)
    if not is_leaf_type(leaf):
        return None
    attribute, serialise = definition.python_name, leaf.coerce_output_value
    without_value = None if is_nullable_type(field.type) else UNKNOWN

    def read(source: Any) -> Any:
        try:
            given = getattr(source, attribute)
            if given is None:
                return without_value
            value = serialise(given)
        except Exception:  # noqa: BLE001 - executing the field raises it again, where it is reported
            return UNKNOWN
        return UNKNOWN if value is None or value is Undefined else value

    return read
