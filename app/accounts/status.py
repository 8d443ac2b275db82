"""Whether an account may be used."""

from enum import StrEnum


class UserStatus(StrEnum):
    """State of an account."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
