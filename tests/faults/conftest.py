"""A web process and a client of it; workers are the tests' own to start and kill."""

import os
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest

from tests.faults.processes import Client, Processes, free_port, until


@pytest.fixture
def processes(environment: dict[str, str], tmp_path: Path) -> Generator[Processes, None, None]:
    """Starts processes in this test's environment and ends them."""
    port = str(free_port())
    started = Processes({**os.environ, **environment, "ANYPEOPLE_PORT": port, "ANYPEOPLE_PUBLIC_URL": ""}, tmp_path)
    yield started
    started.end()


@pytest.fixture
async def client(processes: Processes, database: str) -> AsyncGenerator[Client, None]:
    """A signed-in person at a web process that runs."""
    processes.start("tests.fakes.web", "web")
    visitor = Client(int(processes.environment["ANYPEOPLE_PORT"]))
    await until(visitor.ready, 60, "the web server is ready")
    await visitor.sign_up()
    yield visitor
    await visitor.http.aclose()
