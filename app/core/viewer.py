"""Who asks. Every query takes a viewer, and ownership is decided against it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a signed-in person may do beyond what is their own."""

    USER = "USER"
    SUPPORT = "SUPPORT"
    PRIVACY_OFFICER = "PRIVACY_OFFICER"
    MODERATOR = "MODERATOR"
    ADMIN = "ADMIN"


STAFF = frozenset(Role) - {Role.USER}


class Scope(StrEnum):
    """What an app may do for a person who let it in (RFC 6749, section 3.3)."""

    PROFILE = "profile"
    PROFILE_EMAIL = "profile:email"
    GENERATIONS_READ = "generations:read"
    GENERATIONS_WRITE = "generations:write"


IN_WORDS: Mapping[Scope, str] = {
    Scope.PROFILE: "See your name, your role and since when you have your account.",
    Scope.PROFILE_EMAIL: "See your email address.",
    Scope.GENERATIONS_READ: "See your pictures, your prompts and your reference pictures, and follow new ones.",
    Scope.GENERATIONS_WRITE: "Make, publish and delete pictures for you, and add and delete reference pictures.",
}
"""What a person is asked when they let an app in."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in person, by the session that they came with, or by what an app of theirs came with."""

    user_id: UUID
    session_id: UUID
    """The session, the API key or the app's token: sockets and streams end with it."""
    role: Role
    scopes: frozenset[Scope] | None = None
    """What the app that asks may do; None: it is the person's own session, which may do everything."""
