"""What an operation costs, known before it is executed.

It follows from `@cost` and `@listSize` of the schema, the document and its variables, after IBM's GraphQL Cost
Directives specification, with one figure instead of two.

A field costs its own weight, the weights of its arguments, and for each object that it may return that object's weight
and what is selected of it. How many objects: a page's size, or the size that a list is assumed to have. What `@skip` or
`@include` may leave out counts.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLUnionType,
    OperationDefinitionNode,
    SelectionSetNode,
    Undefined,
    ValueNode,
    VariableNode,
    get_named_type,
    is_composite_type,
    value_from_ast_untyped,
)

from schema.directives import Cost, ListSize
from schema.relay import MAX_PAGE

Variables = Mapping[str, object]
Price = Callable[[Variables], int]
Term = int | Price
"""A price; an int where it does not depend on variables."""
BASE = 1
"""What an operation costs at the least: even an empty one is a request."""
INTROSPECTION = {"__schema": 100, "__type": 10}
_DEFINITION = "strawberry-definition"
D = TypeVar("D")


def price_of(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) -> Price:
    """Return the price of an operation of a valid document that is within the limits."""
    root = schema.get_root_type(operation.operation)
    if root is None:
        raise LookupError("the schema has no such operation")
    total = _Pricing(schema, document, operation).selection(root, [operation.selection_set], {})
    return lambda variables: max(BASE, _value(total, variables))


def weight_of(element: GraphQLField | GraphQLNamedType | GraphQLArgument) -> int | None:
    """Return the weight of `@cost`."""
    cost = _directive(element, Cost)
    return cost.weight if cost else None


def list_size_of(field: GraphQLField) -> ListSize | None:
    """Return the field's `@listSize`."""
    return _directive(field, ListSize)


def _directive(element: GraphQLField | GraphQLNamedType | GraphQLArgument, kind: type[D]) -> D | None:
    directives = getattr(element.extensions.get(_DEFINITION), "directives", None) or ()
    return next((each for each in directives if isinstance(each, kind)), None)


class _Pricing:
    """Walks an operation as its execution would, fields of one name together."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) -> None:
        self._schema = schema
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._defaults = {
            node.variable.name.value: value_from_ast_untyped(node.default_value)
            for node in operation.variable_definitions or ()
            if node.default_value
        }

    def selection(self, parent: GraphQLNamedType, sets: list[SelectionSetNode], sizes: Mapping[str, Term]) -> Term:
        """Return the price of what is selected of an object; of an abstract one, that of the dearest type behind it.

        `sizes` has the lengths of lists that a field above determines.
        """
        if isinstance(parent, GraphQLInterfaceType | GraphQLUnionType):
            types = self._schema.get_possible_types(parent)
            return _most(_sum((_object_weight(each), self.selection(each, sets, {}))) for each in types)
        assert isinstance(parent, GraphQLObjectType)
        fields: dict[str, list[FieldNode]] = {}
        for each in sets:
            self._collect(parent, each, fields, set())
        return _sum(self._field(parent, nodes, sizes) for nodes in fields.values())

    def _collect(
        self, parent: GraphQLObjectType, selections: SelectionSetNode, into: dict[str, list[FieldNode]], seen: set[str]
    ) -> None:
        for node in selections.selections:
            if isinstance(node, FieldNode):
                into.setdefault((node.alias or node.name).value, []).append(node)
                continue
            if isinstance(node, FragmentSpreadNode):
                if node.name.value in seen:
                    continue
                seen.add(node.name.value)
                fragment: Any = self._fragments[node.name.value]
            else:
                fragment = node
            if self._applies(fragment.type_condition, parent):
                self._collect(parent, fragment.selection_set, into, seen)

    def _applies(self, condition: Any, parent: GraphQLObjectType) -> bool:
        kind = self._schema.get_type(condition.name.value) if condition else parent
        if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
            return self._schema.is_sub_type(kind, parent)
        return kind is parent

    def _field(self, parent: GraphQLObjectType, nodes: list[FieldNode], sizes: Mapping[str, Term]) -> Term:
        name = nodes[0].name.value
        if name.startswith("__"):
            return INTROSPECTION.get(name, 0)
        field = parent.fields[name]
        own = (weight_of(field) or 0) + _arguments_weight(field, nodes[0])
        kind = get_named_type(field.type)
        if not is_composite_type(kind):
            return own
        directive = list_size_of(field)
        size = self._size(directive, field, nodes[0]) if directive else 1
        inside = directive.sized_fields or () if directive else ()
        sets = [node.selection_set for node in nodes if node.selection_set]
        unit = _sum((_object_weight(kind), self.selection(kind, sets, dict.fromkeys(inside, size))))
        length = sizes.get(name, size) if is_list(field.type) else 1
        return _sum((own, _product(length, unit)))

    def _size(self, directive: ListSize, field: GraphQLField, node: FieldNode) -> Term:
        """Return how long the list can get: the largest of its slicing arguments, else what is assumed."""
        slicing = [self._slice(field.args[name], name, node) for name in directive.slicing_arguments or ()]
        return _most(slicing) if slicing else directive.assumed_size or 0

    def _slice(self, argument: GraphQLArgument, name: str, node: FieldNode) -> Term:
        length = _entries if is_list(argument.type) else _number
        default = length(argument.default_value)
        given: ValueNode | None = next((each.value for each in node.arguments or () if each.name.value == name), None)
        if isinstance(given, VariableNode):
            variable = given.name.value
            fallback = length(self._defaults[variable]) if variable in self._defaults else default
            return lambda variables: length(variables[variable]) if variable in variables else fallback
        return default if given is None else length(value_from_ast_untyped(given))


def is_list(kind: GraphQLOutputType | GraphQLInputType) -> bool:
    """Whether the type of a field or an argument is a list."""
    return isinstance(kind.of_type if isinstance(kind, GraphQLNonNull) else kind, GraphQLList)


def _object_weight(kind: GraphQLNamedType) -> int:
    """An object costs 1 where nothing else is said; that of an abstract type is found with what is selected of it."""
    if not isinstance(kind, GraphQLObjectType):
        return 0
    weight = weight_of(kind)
    return 1 if weight is None else weight


def _arguments_weight(field: GraphQLField, node: FieldNode) -> int:
    return sum(weight_of(field.args[each.name.value]) or 0 for each in node.arguments or ())


def _number(value: object) -> int:
    """Return the length that a number asks for; 0 for what is no number: whoever reads it refuses it."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0
    return int(min(max(value, 0), MAX_PAGE))


def _entries(value: object) -> int:
    """Return the length of a list; one value is a list of it (GraphQL specification, section 3.11, input coercion)."""
    if isinstance(value, list):
        return min(len(value), MAX_PAGE)
    return 0 if value is None or value is Undefined else 1


def _value(term: Term, variables: Variables) -> int:
    return term if isinstance(term, int) else term(variables)


def _combined(terms: Iterable[Term], how: Callable[[Iterable[int]], int]) -> Term:
    """Combine what is known already, and leave the rest to a function of the variables."""
    terms = list(terms)
    functions = [term for term in terms if not isinstance(term, int)]
    constant = how([term for term in terms if isinstance(term, int)] or [0])
    if not functions:
        return constant
    return lambda variables: how([constant, *(function(variables) for function in functions)])


def _sum(terms: Iterable[Term]) -> Term:
    return _combined(terms, sum)


def _most(terms: Iterable[Term]) -> Term:
    return _combined(terms, max)


def _product(first: Term, second: Term) -> Term:
    if isinstance(first, int) and isinstance(second, int):
        return first * second
    return lambda variables: _value(first, variables) * _value(second, variables)
