"""Who asks. Every query takes a viewer, and ownership is decided against it."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a signed-in person may do beyond what is their own."""

    USER = "USER"


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in person, by the session that they came with."""

    user_id: UUID
    session_id: UUID
    role: Role
