"""How large a document may be. What a fragment holds counts wherever it is spread."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    ListValueNode,
    NameNode,
    Node,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    Visitor,
    parse,
    visit,
)

MAX_CHARACTERS = 100_000
MAX_TOKENS = 5_000
MAX_ALIASES = 100
MAX_FIELDS = 500
"""The usual introspection has 229. Comparing what may overlap takes a time that grows with the square of this."""
MAX_DEPTH = 20
"""Fields within fields. The usual introspection has 14."""
MAX_NESTING = 100
"""Fields, spreads and inline fragments within each other: what the depth does not count must end too."""
MAX_DIRECTIVES = 10
"""On one field, fragment or operation."""
MAX_NAME = 200
"""Characters. A document's faults quote its names up to a hundred times."""
MAX_ENTRIES = 100
"""Of one list or object that comes in, in the document or as a variable: no list may be longer."""


class Refused(GraphQLError):
    """A document over a limit."""

    def __init__(self, code: str, message: str, node: Node | None = None) -> None:
        super().__init__(message, nodes=node, extensions={"code": code})


def read(text: str) -> DocumentNode:
    """Parse a document. Raises GraphQLError where it cannot be read, and Refused where it is too long or too deep."""
    if len(text) > MAX_CHARACTERS:
        message = f"The document has more than {MAX_CHARACTERS} characters: send values as variables."
        raise Refused("QUERY_TOO_LONG", message)
    try:
        return parse(text, max_tokens=MAX_TOKENS)
    except GraphQLError as error:
        # The parser says only in words that it gave up because of a limit.
        if "Document contains more than" in error.message:
            message = f"The document has more than {MAX_TOKENS} tokens: ask for less, or in several requests."
            raise Refused("TOO_MANY_TOKENS", message) from None
        if "nested too deeply" in error.message:
            raise _too_deep() from None
        raise


def check(document: DocumentNode) -> None:
    """Raises Refused for a document over a limit. It need not be valid otherwise."""
    measuring = _Measuring(document)
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode):
            _check_size(definition, measuring.definition(definition))
    visit(document, _Values())


def check_variables(variables: Mapping[str, object]) -> None:
    """Raises Refused where a list or an object among the variables is too long."""
    waiting: list[object] = list(variables.values())
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict | list):
            if len(value) > MAX_ENTRIES:
                raise _too_long()
            waiting += value.values() if isinstance(value, dict) else value


def _too_deep(node: Node | None = None) -> Refused:
    message = f"Fields are nested more than {MAX_DEPTH} deep: ask for the inner objects by `node(id:)`."
    return Refused("QUERY_TOO_DEEP", message, node)


def _too_long(node: Node | None = None) -> Refused:
    message = f"A list or an object has more than {MAX_ENTRIES} entries: send the rest in another request."
    return Refused("LIST_TOO_LONG", message, node)


@dataclass(frozen=True, slots=True)
class Measure:
    """The size of a selection, with everything that it spreads."""

    aliases: int = 0
    fields: int = 0
    depth: int = 0

    def beside(self, other: "Measure") -> "Measure":
        """Return the size of both in one selection."""
        return Measure(self.aliases + other.aliases, self.fields + other.fields, max(self.depth, other.depth))


def _check_size(node: Node, size: Measure) -> None:
    """Raises Refused."""
    if size.depth > MAX_DEPTH:
        raise _too_deep(node)
    if size.aliases > MAX_ALIASES:
        message = f"There are more than {MAX_ALIASES} aliases: use variables and lists, or several requests."
        raise Refused("TOO_MANY_ALIASES", message, node)
    if size.fields > MAX_FIELDS:
        message = f"More than {MAX_FIELDS} fields are selected: ask for less, or in several requests."
        raise Refused("TOO_MANY_FIELDS", message, node)


class _Measuring:
    """One pass over the document: each fragment is measured once, however often it is spread."""

    def __init__(self, document: DocumentNode) -> None:
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._measured: dict[str, Measure] = {}

    def definition(self, node: OperationDefinitionNode | FragmentDefinitionNode) -> Measure:
        """Return the size of an operation or a fragment. Raises Refused."""
        if isinstance(node, FragmentDefinitionNode):
            return self._fragment(node.name.value, 0)
        _check_directives(node)
        return self._selection_set(node.selection_set, 0)

    def _fragment(self, name: str, nesting: int) -> Measure:
        """One that spreads itself, or is not there, counts for nothing: the validation refuses it."""
        if name not in self._measured:
            self._measured[name] = Measure()
            if node := self._fragments.get(name):
                _check_directives(node)
                self._measured[name] = self._selection_set(node.selection_set, nesting)
        return self._measured[name]

    def _selection_set(self, node: SelectionSetNode | None, nesting: int) -> Measure:
        if nesting > MAX_NESTING:
            raise _too_deep(node)
        size = Measure()
        for selection in node.selections if node else ():
            _check_directives(selection)
            size = size.beside(self._selection(selection, nesting + 1))
        return size

    def _selection(self, node: SelectionNode, nesting: int) -> Measure:
        if isinstance(node, FragmentSpreadNode):
            return self._fragment(node.name.value, nesting)
        assert isinstance(node, FieldNode | InlineFragmentNode)
        inner = self._selection_set(node.selection_set, nesting)
        if isinstance(node, InlineFragmentNode):
            return inner
        return Measure(inner.aliases + (node.alias is not None), inner.fields + 1, inner.depth + 1)


class _Values(Visitor):
    """Looks at the names, lists and objects that a document has in it."""

    def enter_name(self, node: NameNode, *_: Any) -> None:
        if len(node.value) > MAX_NAME:
            raise Refused("NAME_TOO_LONG", f"A name has more than {MAX_NAME} characters: shorten it.", node)

    def enter_list_value(self, node: ListValueNode, *_: Any) -> None:
        if len(node.values) > MAX_ENTRIES:
            raise _too_long(node)

    def enter_object_value(self, node: ObjectValueNode, *_: Any) -> None:
        if len(node.fields) > MAX_ENTRIES:
            raise _too_long(node)


def _check_directives(node: SelectionNode | OperationDefinitionNode | FragmentDefinitionNode) -> None:
    """Raises Refused."""
    if len(node.directives or ()) > MAX_DIRECTIVES:
        message = f"There are more than {MAX_DIRECTIVES} directives in one place: leave some out."
        raise Refused("TOO_MANY_DIRECTIVES", message, node)
