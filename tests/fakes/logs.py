"""Logging that a test configures, and as it was before."""

import logging
from collections.abc import Generator
from contextlib import contextmanager

import structlog

from app.core.log import QUIET


@contextmanager
def logging_restored() -> Generator[None, None, None]:
    """Undo what `app.core.log.configure` does."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    levels = {name: logging.getLogger(name).level for name in QUIET}
    configuration = structlog.get_config()
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        for name, before in levels.items():
            logging.getLogger(name).setLevel(before)
        structlog.configure(**configuration)
