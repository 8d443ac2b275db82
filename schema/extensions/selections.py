"""Which fields a document selects."""

from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLInterfaceType,
    GraphQLSchema,
    GraphQLUnionType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    visit,
)

from schema.context import Coordinate


def selected_by(schema: GraphQLSchema, document: DocumentNode) -> frozenset[Coordinate]:
    """Return every (type, field) that a valid document selects; a field of an interface stands for all its types."""
    collector = _Collector(schema, TypeInfo(schema))
    visit(document, TypeInfoVisitor(collector.type_info, collector))
    return frozenset(collector.found)


class _Collector(Visitor):
    def __init__(self, schema: GraphQLSchema, type_info: TypeInfo) -> None:
        super().__init__()
        self.schema = schema
        self.type_info = type_info
        self.found: set[Coordinate] = set()

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        parent = self.type_info.get_parent_type()
        if parent is None:
            return
        if isinstance(parent, GraphQLInterfaceType | GraphQLUnionType):
            types = self.schema.get_possible_types(parent)
        else:
            types = [parent]
        self.found.update((each.name, node.name.value) for each in types)
