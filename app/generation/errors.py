"""What can go wrong when something is asked for."""

from app.core.errors import InvalidInput


class UnknownEngine(InvalidInput):
    """No engine of this name is configured."""


class BeyondCapabilities(InvalidInput):
    """The engine cannot make what is asked for."""
