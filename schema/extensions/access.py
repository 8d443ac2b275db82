"""Checks a document against `schema/access.py` once, before it is executed."""

from collections.abc import Iterator
from typing import Any

from graphql import GraphQLError, GraphQLObjectType, OperationType
from graphql.pyutils import Path
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from app.core.viewer import Viewer
from schema.access import ACCESS, allowed
from schema.attributes import UNKNOWN, reader
from schema.context import Context, Coordinate
from schema.extensions.documents import document_of


class AccessCheck(SchemaExtension):
    """Finds the fields of the document that the viewer may not select; the executor then answers null for them.

    A denied subscription is refused before it starts: its only root field would be null.
    """

    def on_validate(self) -> Iterator[None]:
        """Check before the yield, with a valid document: what is refused after it is not looked at."""
        execution = self.execution_context
        if not execution.pre_execution_errors:
            context: Context = execution.context
            context.denied = denied(document_of(self).selected, context.viewer)
            starts = [field for field in context.denied if field[0] == "Subscription"]
            if starts and execution.operation_type.value == OperationType.SUBSCRIPTION.value:
                execution.pre_execution_errors = [forbidden(context.viewer, starts[0])]
        yield


class AccessExecutor(StrawberryGraphQLCoreExecutionContext):
    """Answers null and FORBIDDEN for a denied field; reads plain attributes without further ado.

    A subscription's events get loaders of their own.
    """

    def execute_field(
        self, parent_type: GraphQLObjectType, source: Any, field_details_list: Any, path: Path, position_context: Any
    ) -> Any:
        """Refuse before the resolver runs, so that what is denied does not happen."""
        name = field_details_list[0].node.name.value
        denied_fields = self.context_value.denied
        if denied_fields and (parent_type.name, name) in denied_fields:
            field = self.schema.get_field(parent_type, name)
            assert field is not None
            error = forbidden(self.context_value.viewer, (parent_type.name, name))
            self.handle_field_error(error, field.type, field_details_list, path)
            return None
        read = reader(parent_type, name)
        if read is not None and (value := read(source)) is not UNKNOWN:
            return value
        return super().execute_field(parent_type, source, field_details_list, path, position_context)

    def __copy__(self) -> "AccessExecutor":
        """Copy as `copy.copy` would, without asking how: every event of a subscription takes a copy."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        return other

    def build_per_event_executor(self, payload: Any) -> Any:
        """Give each event a context of its own."""
        executor = super().build_per_event_executor(payload)
        executor.context_value = self.context_value.fresh()
        return executor


def forbidden(viewer: Viewer | None, field: Coordinate) -> GraphQLError:
    """Return the error that a denied field answers with; it names the scope that an app lacks."""
    entry = ACCESS.get(field)
    if viewer is None:
        message = "Sign in first: send `Authorization: Bearer <token>`."
    elif viewer.scopes is None or entry is None or viewer.role not in entry.roles:
        message = "Your role may not do this."
    elif not entry.scopes:
        message = "No app may do this: it needs the person's own session."
    else:
        message = f"The app lacks the scope {' or '.join(f'`{scope}`' for scope in sorted(entry.scopes))}."
    return GraphQLError(message, extensions={"code": "FORBIDDEN"})


def denied(wanted: frozenset[Coordinate], viewer: Viewer | None) -> frozenset[Coordinate]:
    """Return those of the fields that the viewer may not select."""
    return frozenset(field for field in wanted if not allowed(*field, viewer))
