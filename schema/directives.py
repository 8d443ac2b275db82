"""Directives of the SDL."""

import strawberry
from strawberry.schema_directive import Location
from strawberry.types.unset import UNSET

from app.core.personal_data import Category

strawberry.enum(Category, name="PersonalDataCategory", description="Kinds of data about people.")


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="semanticNonNull",
    description="Null only together with an error: a client may treat the field as non-null and handle errors.",
)
class SemanticNonNull:
    """See the Nullability working group's proposal; levels count list nesting, 0 is the field itself."""

    levels: tuple[int, ...] = strawberry.directive_field(name="levels", default=(0,))


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION, Location.ARGUMENT_DEFINITION, Location.OBJECT],
    name="cost",
    description="What it adds to the cost of an operation: a field or an argument each time it is asked for, an object "
    "each time it may be returned. An object without it costs 1, everything else nothing.",
)
class Cost:
    """IBM's GraphQL Cost Directives specification; `schema/extensions/prices.py` reads it."""

    weight: int = strawberry.directive_field(name="weight")


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="listSize",
    description="How long a list can get: what the largest of `slicingArguments` says (a number, or a list's length), "
    "else `assumedSize`. `sizedFields` are the lists inside the object that this is true of instead.",
)
class ListSize:
    """IBM's specification too. Arguments that are left out are unset, which is false; null would be printed."""

    assumed_size: int | None = strawberry.directive_field(name="assumedSize", default=UNSET)
    slicing_arguments: list[str] | None = strawberry.directive_field(name="slicingArguments", default=UNSET)
    sized_fields: list[str] | None = strawberry.directive_field(name="sizedFields", default=UNSET)
    require_one_slicing_argument: bool | None = strawberry.directive_field(
        name="requireOneSlicingArgument", default=False
    )


PAGE = ListSize(slicing_arguments=["first"], sized_fields=["edges", "nodes"])
"""A connection's field."""


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="personalData",
    description="It shows data about a person: which kind, and how long that is kept. `dataMap` has all there is.",
)
class PersonalData:
    """`schema/personal_data.py` says which fields have it, and the personal data registry with what."""

    category: Category = strawberry.directive_field(name="category")
    retention: str = strawberry.directive_field(name="retention")
