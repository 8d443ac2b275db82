"""`anypeople up`: one process that starts all others and takes them with it."""

import asyncio
import fcntl
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import typer

from app.cli.errors import CommandFailed
from app.core import migrations
from app.core.config import Mode, Settings
from app.core.db import connected
from app.embedded import EmbeddedPostgres, EmbeddedValkey
from app.embedded import launch as launcher
from app.integrations.object_store import object_store
from app.journal.standing import check_standing

Child = subprocess.Popen[bytes]

READY_SECONDS = 30.0
STOP_SECONDS = 15.0


class StartFailed(CommandFailed):
    """A part did not start; the message names its log."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service that runs."""

    url: str
    environment: Mapping[str, str]
    children: Mapping[str, Child]
    stages: dict[str, float] = field(default_factory=dict)
    """Seconds that each part took to start."""


@contextmanager
def database(settings: Settings) -> Generator[str, None, None]:
    """Yield the URL of the configured PostgreSQL, or of an embedded one that runs as long as the block."""
    if settings.stores.database_url is not None:
        yield settings.stores.database_url.get_secret_value()
        return
    with EmbeddedPostgres(settings.stores.var / "postgres") as server:
        yield server.url


@contextmanager
def message_broker(settings: Settings) -> Generator[str, None, None]:
    """Yield the URL of the configured Valkey, or of an embedded one that runs as long as the block."""
    if settings.stores.valkey_url is not None:
        yield settings.stores.valkey_url.get_secret_value()
        return
    with EmbeddedValkey(settings.stores.var / "valkey") as server:
        yield server.url


@contextmanager
def running(settings: Settings, *, quiet: bool) -> Generator[Service, None, None]:
    """Run servers, web and worker for as long as the block runs; `quiet` sends their output to `var/logs`.

    Raises StartFailed, EmbeddedError, JournalError.
    """
    var = settings.stores.var
    var.mkdir(parents=True, exist_ok=True)
    stages: dict[str, float] = {}
    with ExitStack() as stack:
        with _timed(stages, "PostgreSQL"):
            database_url = stack.enter_context(database(settings))
        with _timed(stages, "Valkey"):
            valkey_url = stack.enter_context(message_broker(settings))
        with _timed(stages, "migrations"):
            asyncio.run(migrations.migrate(database_url))
        asyncio.run(_check_journal(settings, database_url))
        port = stack.enter_context(_free_port(settings.server.host, settings.server.port))
        environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "VALKEY_URL": valkey_url,
            "ANYPEOPLE_SECRET_KEY": _secret(settings, var),
            "ANYPEOPLE_PORT": str(port),
            "ANYPEOPLE_PUBLIC_URL": settings.server.public_url,
            "ANYPEOPLE_VAR": str(var.resolve()),
        }
        address = f"http://{settings.server.host}:{port}"
        with _timed(stages, "web and worker"):
            children = {
                name: stack.enter_context(_child(name, environment, var / "logs" if quiet else None))
                for name in ("worker", "serve")
            }
            _await_ready(address, children, var / "logs")
        yield Service(settings.server.public_url or address, environment, children, stages)


async def _check_journal(settings: Settings, url: str) -> None:
    """Say here, and not in the log of a child, that a backup was restored. Raises JournalError."""
    async with connected(url, pool_size=1):
        await check_standing(object_store(settings))


def run_until_interrupted(settings: Settings) -> None:
    """Run the service, print where to go, and end it on Ctrl-C, SIGTERM, or when a part of it ends."""
    stop = {"asked": False}

    def ask(_number: int, _frame: object) -> None:
        stop["asked"] = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask)
    with running(settings, quiet=False) as service:
        typer.echo(_welcome(service, settings.mode))
        while not stop["asked"]:
            for name, child in service.children.items():
                if child.poll() is not None:
                    raise StartFailed(f"`anypeople {name}` ended by itself (exit {child.returncode}).")
            time.sleep(0.1)
        typer.echo("Stopping …")


def _welcome(service: Service, mode: Mode) -> str:
    pages = (f"  GraphiQL    {service.url}/graphiql",) if mode is Mode.DEVELOPMENT else ()
    return "\n".join(
        (
            "",
            "AnyPeople is up.",
            *pages,
            f"  GraphQL     {service.url}/graphql   (POST, SSE, and WebSocket graphql-transport-ws)",
            f"  Health      {service.url}/readyz",
            f"  Try it      anypeople demo --url {service.url} 'a man with a beard, on the beach'",
            "  End it      Ctrl-C",
            "",
        )
    )


@contextmanager
def _timed(stages: dict[str, float], name: str) -> Generator[None, None, None]:
    started = time.perf_counter()
    yield
    stages[name] = time.perf_counter() - started


@contextmanager
def _child(
    name: str, environment: Mapping[str, str], logs: Path | None
) -> Generator[subprocess.Popen[bytes], None, None]:
    """Run `anypeople <name>`; it dies with us, whatever kills us (on Linux)."""
    with ExitStack() as stack:
        output = None
        if logs is not None:
            logs.mkdir(parents=True, exist_ok=True)
            output = stack.enter_context((logs / f"{name}.log").open("wb"))
        launch = [sys.executable, "-I", "-S", launcher.__file__, str(os.getpid()), str(int(signal.SIGTERM)), "-", "--"]
        child = subprocess.Popen(  # noqa: S603 - every argument is ours
            [*launch, sys.executable, "-m", "app.cli", name],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            yield child
        finally:
            _end(child)


def _end(child: Child) -> None:
    if child.poll() is None:
        child.terminate()
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _await_ready(address: str, children: Mapping[str, Child], logs: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    with httpx.Client(trust_env=False, timeout=2) as client:
        while time.monotonic() < deadline:
            for name, child in children.items():
                if child.poll() is not None:
                    raise StartFailed(
                        f"`anypeople {name}` did not start (exit {child.returncode}): see {logs}/{name}.log"
                    )
            try:
                if client.get(f"{address}/readyz").status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.02)
    raise StartFailed(f"The web server was not ready after {READY_SECONDS:.0f} s: see {logs}")


@contextmanager
def _free_port(host: str, wanted: int) -> Generator[int, None, None]:
    """Keep the wanted port for the block, or a free one where somebody else has it: two checkouts can run side by side.

    A file is locked besides: between this look and the web server's own two that start at once would find the same
    port free, and one of them would take the other's server for its own.
    """
    for port in (wanted, *[0] * 20):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            found = int(probe.getsockname()[1])
        with ExitStack() as stack:
            try:
                mark = stack.enter_context((Path(tempfile.gettempdir()) / f"anypeople-port-{found}").open("a"))
                fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                continue
            yield found
            return
    raise StartFailed(f"No port is free on {host}: set ANYPEOPLE_HOST and ANYPEOPLE_PORT.")


def _secret(settings: Settings, var: Path) -> str:
    """Return the configured secret, or one that is made once for this checkout and kept beside its data."""
    if settings.security.secret_key is not None:
        return settings.security.secret_key.get_secret_value()
    path = var / "secret_key"
    if not path.exists():
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        fresh.rename(path)
    return path.read_text()
