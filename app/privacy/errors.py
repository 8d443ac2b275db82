"""Errors of privacy requests."""

from app.core.errors import Conflict, NotFound


class RequestNotFound(NotFound):
    """There is no such request, or it is somebody else's."""


class RequestEnded(Conflict):
    """The request stands where this is not possible (any more)."""


class CannotExtend(Conflict):
    """The time of a request cannot be made longer (any more)."""
