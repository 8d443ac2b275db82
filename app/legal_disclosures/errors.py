"""What can go wrong with recording one."""

from app.core.errors import NotFound


class SubjectNotFound(NotFound):
    """There is no such account (any more)."""
