"""Directives of the SDL."""

import strawberry
from strawberry.schema_directive import Location


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="semanticNonNull",
    description="Null only together with an error: a client may treat the field as non-null and handle errors.",
)
class SemanticNonNull:
    """See the Nullability working group's proposal; levels count list nesting, 0 is the field itself."""

    levels: tuple[int, ...] = strawberry.directive_field(name="levels", default=(0,))
