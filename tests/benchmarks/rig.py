"""The machine that everything is measured on: PostgreSQL, Valkey, and processes pinned to cores."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import orjson

from app.core import migrations
from app.embedded import EmbeddedPostgres, EmbeddedValkey
from tests.benchmarks.report import WrongAnswer
from tests.fakes.ports import free_port

ROOT = Path(__file__).parents[2]
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
START_SECONDS = 60.0
STOP_SECONDS = 20.0
LOAD_SECONDS = 120.0
"""How long a process that sends load may take."""
CAN_PIN = hasattr(os, "sched_setaffinity")
CORES = sorted(os.sched_getaffinity(0)) if CAN_PIN else list(range(os.cpu_count() or 1))
SERVER_CORE = {CORES[0]}
OTHER_CORES = set(CORES[1:]) or SERVER_CORE
PINNED = CAN_PIN and len(CORES) > 1


class NotStarted(Exception):
    """A process did not come up; the message ends with its log."""


def pin(pid: int, cores: set[int]) -> None:
    """Keep a process, and what it starts from now on, on these cores, where the platform can."""
    if CAN_PIN:
        os.sched_setaffinity(pid, cores)


@dataclass(frozen=True, slots=True)
class Rig:
    """Servers, and the environment that a service finds them by."""

    folder: Path
    environment: dict[str, str]
    database_url: str
    valkey_socket: str

    @contextmanager
    def process(
        self, module: str, *arguments: str, cores: set[int], environment: Mapping[str, str] | None = None
    ) -> Generator[subprocess.Popen[bytes], None, None]:
        """Run `python -m module` for as long as the block; its output goes to a log."""
        log = self.folder / f"{module}.{time.monotonic_ns()}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                env={**self.environment, **(environment or {})},
                cwd=self.folder,  # no .env of a developer there
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        pin(process.pid, cores)
        try:
            yield process
        except NotStarted as error:
            raise NotStarted(f"{error}\n{log.read_text()[-2000:]}") from None
        finally:
            end(process)

    @contextmanager
    def web(self, module: str, *arguments: str, cores: set[int] = SERVER_CORE) -> Generator["Web", None, None]:
        """Run a web server, on the server's core."""
        port = free_port()
        own = {"ANYPEOPLE_PORT": str(port)}
        with self.process(module, *arguments, cores=cores, environment=own) as process:
            web = Web(process, port)
            web.wait()
            yield web

    def load(self, module: str, *, within: float = LOAD_SECONDS, **specification: Any) -> dict[str, Any]:
        """Run a process that sends load; return what it measured, within so many seconds.

        Raises CalledProcessError where it fails, and TimeoutExpired.
        """
        answer = subprocess.run(
            [sys.executable, "-m", module],
            env=self.environment,
            input=orjson.dumps(specification),
            stdout=subprocess.PIPE,
            timeout=within,
            check=True,
        )
        measured: dict[str, Any] = orjson.loads(answer.stdout)
        return measured

    async def connect(self) -> "asyncpg.Connection[asyncpg.Record]":
        """Return a connection to the database."""
        return await asyncpg.connect(self.database_url)


@dataclass(frozen=True, slots=True)
class Web:
    """A web server that runs."""

    process: subprocess.Popen[bytes]
    port: int

    def wait(self) -> None:
        """Return once it answers at `/healthz`. Raises NotStarted."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise NotStarted(f"a server ended with {self.process.returncode}")
            if answers(self.port, "/healthz"):
                return
            time.sleep(0.02)
        raise NotStarted("a server did not answer")


def answers(port: int, path: str) -> bool:
    """Return whether a GET gets 200."""
    try:
        with DIRECT.open(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def send(port: int, path: str, body: bytes, token: str | None = None) -> bytes:
    """POST JSON and return the answer's bytes. Raises HTTPError for a status of 400 or more."""
    headers = {"content-type": "application/json", **({"authorization": f"Bearer {token}"} if token else {})}
    with DIRECT.open(urllib.request.Request(f"http://127.0.0.1:{port}{path}", body, headers), timeout=30) as answer:
        content: bytes = answer.read()
        return content


def execute(port: int, query: str, variables: Mapping[str, Any] | None = None, token: str | None = None) -> Any:
    """Send an operation and return its data. Raises WrongAnswer for errors."""
    answer = orjson.loads(send(port, "/graphql", orjson.dumps({"query": query, "variables": variables}), token))
    if "errors" in answer:
        raise WrongAnswer(str(answer))
    return answer["data"]


def end(process: subprocess.Popen[bytes]) -> None:
    """Stop a process in an orderly way, or kill it."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def rig() -> Generator[Rig, None, None]:
    """Start the servers, empty, off the server's core. They do not wait for the disk: CPU is what is compared."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # so that what runs below is ended first
    pin(0, OTHER_CORES)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="anypeople-bench-")))
        folder.chmod(0o711)  # PostgreSQL may run as another user
        postgres = stack.enter_context(EmbeddedPostgres(folder / "postgres", durable=False))
        valkey = stack.enter_context(EmbeddedValkey(folder / "valkey"))
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ANYPEOPLE_")}
        environment |= {
            "DATABASE_URL": postgres.url,
            "VALKEY_URL": valkey.url,
            "OBJECT_STORE_URL": "",
            "ANYPEOPLE_VAR": str(folder),
            "ANYPEOPLE_SECRET_KEY": "a secret of the benchmarks, long enough",
            "ANYPEOPLE_PUBLIC_URL": "http://images.test",
            "ANYPEOPLE_LOG_JSON": "true",  # one line a request, as operators have it
            # Every operation is charged, and none is refused: a few people here do the work of thousands.
            "ANYPEOPLE_BUDGET_SIZE": "1000000",
            "ANYPEOPLE_BUDGET_RESTORE_RATE": "1000000",
            "PYTHONPATH": str(ROOT),
        }
        asyncio.run(migrations.migrate(postgres.url))
        yield Rig(folder, environment, postgres.url, valkey.url.removeprefix("unix://"))
