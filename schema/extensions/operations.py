"""Which operation of a document is meant."""

from collections.abc import Iterator

from graphql import GraphQLError, OperationDefinitionNode
from strawberry.extensions import SchemaExtension


class OneOperation(SchemaExtension):
    """Refuses a document of several operations that names none (GraphQL specification, GetOperation): Strawberry would
    run the first.
    """

    def on_validate(self) -> Iterator[None]:
        """Run before the yield, with a parsed document."""
        execution = self.execution_context
        document = execution.graphql_document
        # The public `operation_name` is the first operation's where none was given.
        named = execution._provided_operation_name is not None
        if not execution.pre_execution_errors and document is not None and not named:
            operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
            if len(operations) > 1:
                message = "This document has several operations: say which one to run in `operationName`."
                execution.pre_execution_errors = [
                    GraphQLError(message, extensions={"code": "OPERATION_RESOLUTION_FAILURE"})
                ]
        yield
