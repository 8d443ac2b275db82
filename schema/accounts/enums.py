"""The enums of access, registered once."""

import strawberry

from app.core.viewer import IN_WORDS, Scope

strawberry.enum(Scope, description="What an app may do for a person who let it in.")
for _value in Scope.__strawberry_definition__.values:  # type: ignore[attr-defined]
    _value.description = f"`{Scope(_value.value)}`: {IN_WORDS[Scope(_value.value)]}"

__all__ = ["Scope"]
