"""The executable schema. Built once per process: its types cannot be built into a second one."""

from collections.abc import Iterable
from functools import cache
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema import StreamResult
from strawberry.types import ExecutionContext, ExecutionResult

from schema.accounts.types import User
from schema.context import Context
from schema.errors import TYPES
from schema.extensions.access import AccessCheck, AccessExecutor
from schema.extensions.cost import CostCheck
from schema.extensions.documents import Documents
from schema.extensions.masking import MaskUnexpected, log_unexpected
from schema.extensions.operations import OneOperation
from schema.gallery.types import GalleryItem, Profile
from schema.generation.types import GeneratedImage, Generation
from schema.media.types import ReferenceImage
from schema.personal_data import mark
from schema.root import Mutation, Query, Subscription


class Schema(strawberry.Schema):
    """Strawberry's schema with a context per operation, and errors logged without query sources."""

    async def execute(self, query: str | None, *args: Any, **kwargs: Any) -> ExecutionResult:
        """Execute a query or a mutation."""
        kwargs["context_value"] = kwargs["context_value"].fresh()
        return await super().execute(query, *args, **kwargs)

    async def stream(self, query: str | None, *args: Any, **kwargs: Any) -> StreamResult:
        """Execute any operation as a stream of results."""
        kwargs["context_value"] = kwargs["context_value"].fresh()
        return await super().stream(query, *args, **kwargs)

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Log bugs, instead of Strawberry's log of sources and tracebacks."""
        context = execution_context.context if execution_context else None
        log_unexpected(errors, context.request_id if isinstance(context, Context) else "-")


@cache
def build() -> Schema:
    """Return this process's schema."""
    schema = Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=[User, Generation, GeneratedImage, ReferenceImage, GalleryItem, Profile, *_unique(TYPES.values())],
        config=StrawberryConfig(auto_camel_case=True),
        execution_context_class=AccessExecutor,
        extensions=[
            MaskUnexpected,
            Documents,
            OneOperation,
            AccessCheck,
            CostCheck,
        ],
    )
    mark(schema._schema)
    return schema


def _unique(types: Iterable[type]) -> list[type]:
    return list(dict.fromkeys(types))
