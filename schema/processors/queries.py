"""The register of processors, which is public."""

import strawberry

from schema.context import Info
from schema.directives import ListSize
from schema.processors.types import Processor


@strawberry.type
class ProcessorQueries:
    """Part of Query."""

    @strawberry.field(
        description="Everybody who gets data of people here: what, what for, where, and what they promise; at most "
        "a few dozen. Who is not in this register gets nothing.",
        directives=[ListSize(assumed_size=30)],
    )
    def processors(self, info: Info) -> list[Processor]:
        """No statement: the register is configuration."""
        return [Processor.from_entry(entry) for entry in info.context.ports.processors]
