"""What a mutation is."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Mutation:
    """One mechanism that does not work."""

    clause: str
    breaks: str
    """`module:name` or `module:Class.name`."""
    by: Any
    check: str

    @property
    def name(self) -> str:
        """A name for it that is unique."""
        return f"{self.clause} {self.breaks} {self.check.rpartition('::')[2]}"
