"""Counts what is sent to PostgreSQL.

Tortoise logs each statement once, as it is sent, whichever connection carries it; BEGIN and COMMIT are not logged.
"""

import logging
from collections.abc import Callable, Generator
from contextlib import contextmanager

STATEMENT_FORMAT = "%s: %s"


class Statements(logging.Handler):
    """The statements since the beginning, or since `forget`."""

    def __init__(self, before: Callable[[str], None] | None = None) -> None:
        super().__init__(logging.DEBUG)
        self.sent: list[str] = []
        self._before = before

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a statement; other lines of the client are not statements."""
        if record.msg == STATEMENT_FORMAT and isinstance(record.args, tuple):
            statement = " ".join(str(record.args[0]).split())
            if self._before is not None:
                self._before(statement)
            self.sent.append(statement)

    def forget(self) -> None:
        """Begin to count again."""
        self.sent.clear()

    def about(self, word: str) -> list[str]:
        """Return the statements that hold a word."""
        return [statement for statement in self.sent if word in statement]

    def __len__(self) -> int:
        return len(self.sent)


@contextmanager
def counted(before: Callable[[str], None] | None = None) -> Generator[Statements, None, None]:
    """Count the statements of this process for as long as the block runs.

    `before` is called with each statement before it is sent; what it raises comes out where the statement was sent.
    """
    client = logging.getLogger("tortoise.db_client")
    level, propagate = client.level, client.propagate
    statements = Statements(before)
    client.addHandler(statements)
    client.setLevel(logging.DEBUG)
    client.propagate = False
    try:
        yield statements
    finally:
        client.removeHandler(statements)
        client.setLevel(level)
        client.propagate = propagate
