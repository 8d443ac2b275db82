"""What can go wrong with a command that no part of ours has an error for."""


class CommandFailed(Exception):
    """A command could not do what it is for; the message says why, and where to look."""
