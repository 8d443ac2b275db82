"""Documents: each is read, checked and weighed once, and known by its text from then on."""

from collections import OrderedDict
from collections.abc import Iterator
from functools import cached_property

from graphql import GraphQLError, GraphQLSchema, get_operation_ast, specified_rules
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema import validate_document

from schema.context import Coordinate
from schema.extensions import limits
from schema.extensions.prices import Price, price_of
from schema.extensions.selections import selected_by

KNOWN_DOCUMENTS = 512
KNOWN_CHARACTERS = 1_000_000
KNOWN_TOKENS = 100_000
"""Of all documents that are known; one takes up to 700 bytes of tree. What clients send in earnest has 50 to 300."""


class Document:
    """A document that can be read, and everything that follows from its text alone."""

    def __init__(self, schema: GraphQLSchema, text: str) -> None:
        self._schema = schema
        self._prices: dict[str | None, Price] = {}
        self.tree = limits.read(text)

    @cached_property
    def faults(self) -> list[GraphQLError]:
        """Why it is not executed. The limits come first: they bound how long the validation takes."""
        try:
            limits.check(self.tree)
        except limits.Refused as refused:
            return [refused]
        return validate_document(self._schema, self.tree, tuple(specified_rules))

    @cached_property
    def selected(self) -> frozenset[Coordinate]:
        """Every (type, field) that it selects, where it has no faults."""
        return selected_by(self._schema, self.tree)

    def price(self, operation_name: str | None) -> Price:
        """Return what an operation of it costs, by its variables, where it has no faults. Raises LookupError."""
        if operation_name not in self._prices:
            operation = get_operation_ast(self.tree, operation_name)
            if operation is None:
                raise LookupError("the document has no such operation")
            self._prices[operation_name] = price_of(self._schema, self.tree, operation)
        return self._prices[operation_name]


class KnownDocuments:
    """The documents that were asked for last. Bounded by text and by tokens: a tree is much larger than its text."""

    def __init__(
        self, documents: int = KNOWN_DOCUMENTS, characters: int = KNOWN_CHARACTERS, tokens: int = KNOWN_TOKENS
    ) -> None:
        self._documents: OrderedDict[tuple[GraphQLSchema, str], Document] = OrderedDict()
        self._most, self._most_characters, self._most_tokens = documents, characters, tokens
        self._characters = self._tokens = 0

    def get(self, schema: GraphQLSchema, text: str) -> Document:
        """Return the document. Raises GraphQLError where it cannot be read."""
        key = schema, text
        if found := self._documents.get(key):
            self._documents.move_to_end(key)
            return found
        document = self._documents[key] = Document(schema, text)
        self._count(document, text, 1)
        while (
            len(self._documents) > self._most
            or self._characters > self._most_characters
            or self._tokens > self._most_tokens
        ):
            (_, forgotten_text), forgotten = self._documents.popitem(last=False)
            self._count(forgotten, forgotten_text, -1)
        return document

    def _count(self, document: Document, text: str, times: int) -> None:
        self._characters += times * len(text)
        self._tokens += times * document.tree.token_count

    def __len__(self) -> int:
        return len(self._documents)


known = KnownDocuments()


def document_of(extension: SchemaExtension) -> Document:
    """Return the document of the operation. Raises GraphQLError, and RuntimeError for an operation without a text."""
    execution = extension.execution_context
    if execution.query is None:
        raise RuntimeError("operations are checked by the document's text, and there is none")
    return known.get(execution.schema._schema, execution.query)


class Documents(SchemaExtension):
    """Reads and checks the document, in place of Strawberry."""

    def on_parse(self) -> Iterator[None]:
        """Raises GraphQLError before the yield, as Strawberry's own parser cache does."""
        self.execution_context.graphql_document = document_of(self).tree
        yield

    def on_validate(self) -> Iterator[None]:
        """Check before the yield: the extensions after this one look only at documents without faults."""
        execution = self.execution_context
        execution.pre_execution_errors = list(document_of(self).faults)
        try:
            limits.check_variables(execution.variables or {})
        except limits.Refused as refused:
            execution.pre_execution_errors = [refused]
        yield
