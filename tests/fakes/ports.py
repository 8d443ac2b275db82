"""Ports for processes that bind them later."""

import secrets
import socket

RANGE = range(15_000, 32_000)
"""Below those that systems give to connections that go out: one of those may take a port before the process does."""


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    while True:
        port = secrets.choice(RANGE)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
