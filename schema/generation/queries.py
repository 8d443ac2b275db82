"""Engines."""

import strawberry

from schema.context import Info
from schema.generation.types import Engine


@strawberry.type
class GenerationQueries:
    """Part of Query."""

    @strawberry.field(description="What makes pictures here; at most a dozen, the default first.")
    def engines(self, info: Info) -> list[Engine]:
        """No statement: engines are configuration."""
        return [
            Engine.from_engine(engine, is_default=position == 0)
            for position, engine in enumerate(info.context.ports.engines)
        ]
