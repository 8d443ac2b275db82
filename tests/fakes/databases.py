"""A psql that stays, to make databases by: starting one for each would take as long as half of the making."""

import subprocess
from types import TracebackType
from typing import Self

from app.embedded import EmbeddedPostgres
from app.embedded.binaries import postgres_binaries
from app.embedded.process import environment

DONE = "done"


class Databases:
    """Makes and drops databases of one server: `with Databases(server) as databases:`."""

    def __init__(self, server: EmbeddedPostgres) -> None:
        self._server = server

    def __enter__(self) -> Self:
        self._psql = subprocess.Popen(
            [str(postgres_binaries().psql), "-Xqw", "-d", self._server.database_url("postgres")],
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._psql.communicate()

    def create(self, name: str, template: str) -> str:
        """Copy a database to which nobody is connected; return the copy's address."""
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return self._server.database_url(name)

    def drop(self, name: str) -> None:
        """Drop a database, also when somebody is connected to it."""
        self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _run(self, sql: str) -> None:
        assert self._psql.stdin is not None
        assert self._psql.stderr is not None
        self._psql.stdin.write(f"{sql};\n\\warn {DONE}\n")  # what is warned of is not held back
        self._psql.stdin.flush()
        said = ""
        while not said.endswith(f"{DONE}\n"):
            line = self._psql.stderr.readline()
            assert line, f"psql ended: {said}"
            said += line
        assert said == f"{DONE}\n", said
